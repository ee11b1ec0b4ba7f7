using OvsOffload.Netlink;

namespace OvsOffload.Tests.Netlink;

/// <summary>Bytes of a live 6.1 kernel with netdevsim, where a comment does not say otherwise.</summary>
public sealed class DevlinkTests
{
    private const string NetdevsimHandle =
        "0e000100 6e657464657673696d000000 0f000200 6e657464657673696d310000";

    /// <summary>The family's id of that boot, 21, and its "config" group.</summary>
    private static readonly byte[] Family = Bytes.Datagram(
        Bytes.Message(
            16,
            0,
            Bytes.FromHex("01020000"),
            Bytes.Text(2, "devlink"),
            Bytes.Attribute(1, Bytes.UInt16(21)),
            Bytes.Nest(7, Bytes.Nest(1, Bytes.Attribute(2, Bytes.Int32(6)), Bytes.Text(1, "config")))),
        Bytes.Acknowledgement());

    private static readonly byte[] EswitchReply =
        Bytes.FromHex($"3c000000 15000000 04000000 7a000000 1d010000 {NetdevsimHandle} 0600190000000000");

    private static readonly DevlinkHandle Netdevsim = new("netdevsim", "netdevsim1");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_mode_is_read_and_modes_that_the_driver_lacks_are_null()
    {
        FakeKernel kernel = Answering(Bytes.Datagram(EswitchReply, Bytes.Acknowledgement()));

        DevlinkEswitch eswitch = await new Devlink(kernel).EswitchAsync(Netdevsim, Cancellation);

        Assert.Equal(new DevlinkEswitch(EswitchMode.Legacy, null, null), eswitch);
    }

    [Fact]
    public async Task All_three_modes_are_read()
    {
        FakeKernel kernel = Answering(Bytes.Datagram(
            Bytes.Message(
                21,
                0,
                Bytes.FromHex("1d010000"),
                Bytes.Text(1, "pci"),
                Bytes.Text(2, "0000:01:00.0"),
                Bytes.Attribute(25, Bytes.UInt16(1)),
                Bytes.Attribute(26, 3),
                Bytes.Attribute(62, 1)),
            Bytes.Acknowledgement()));

        DevlinkEswitch eswitch = await new Devlink(kernel)
            .EswitchAsync(DevlinkHandle.Pci("0000:01:00.0"), Cancellation);

        Assert.Equal(
            new DevlinkEswitch(EswitchMode.Switchdev, EswitchInlineMode.Transport, EswitchEncapMode.Basic), eswitch);
    }

    [Fact]
    public async Task An_eswitch_that_is_not_there_is_unsupported_and_not_legacy()
    {
        DevlinkEswitch eswitch = await new Devlink(Answering(Bytes.Error(95))).EswitchAsync(Netdevsim, Cancellation);

        Assert.Equal(DevlinkEswitch.Unsupported, eswitch);
        Assert.Null(eswitch.Mode);
    }

    [Fact]
    public async Task An_eswitch_that_cannot_be_read_is_a_failure()
    {
        var devlink = new Devlink(Answering(Bytes.Error(19)));

        NetlinkException exception = await Assert.ThrowsAsync<NetlinkException>(
            () => devlink.EswitchAsync(Netdevsim, Cancellation));

        Assert.Equal("devlink eswitch show of netdevsim/netdevsim1: no such device (ENODEV)", exception.Message);
    }

    [Fact]
    public async Task The_request_for_switchdev_is_the_one_that_worked()
    {
        FakeKernel kernel = Answering(Bytes.Acknowledgement());

        Assert.Null(await new Devlink(kernel).SetEswitchModeAsync(Netdevsim, EswitchMode.Switchdev, Cancellation));

        Assert.Equal(
            Bytes.FromHex($"3c000000 15000500 00000000 00000000 1e010000 {NetdevsimHandle} 0600190001000000"),
            kernel.Requests[1]);
    }

    [Fact]
    public async Task Each_mode_is_set_by_a_request_of_its_own()
    {
        FakeKernel kernel = Answering(Bytes.Acknowledgement(), Bytes.Acknowledgement());
        var devlink = new Devlink(kernel);

        await devlink.SetInlineModeAsync(Netdevsim, EswitchInlineMode.Transport, Cancellation);
        await devlink.SetEncapModeAsync(Netdevsim, EswitchEncapMode.Basic, Cancellation);

        Assert.EndsWith("05001A0003000000", Convert.ToHexString(kernel.Requests[1]), StringComparison.Ordinal);
        Assert.EndsWith("05003E0001000000", Convert.ToHexString(kernel.Requests[2]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mode_that_the_kernel_refuses_is_reported_with_its_words()
    {
        byte[] refusal = Bytes.Error(
            16, Bytes.Text(1, "mlx5_core: Can't change mode, E-Switch is busy"));
        var devlink = new Devlink(Answering(refusal));

        NetlinkException exception = await Assert.ThrowsAsync<NetlinkException>(() => devlink.SetEswitchModeAsync(
            DevlinkHandle.Pci("0000:01:00.0"), EswitchMode.Switchdev, Cancellation));

        Assert.Equal(
            "devlink eswitch set mode switchdev of pci/0000:01:00.0: "
            + "mlx5_core: Can't change mode, E-Switch is busy (EBUSY)",
            exception.Message);
    }

    [Fact]
    public async Task A_kernel_without_devlink_is_known_by_type()
    {
        var devlink = new Devlink(new FakeKernel(_ => [Bytes.Error(2)]));

        Assert.False(await devlink.IsPresentAsync(Cancellation));
        await Assert.ThrowsAsync<DevlinkAbsentException>(() => devlink.DevicesAsync(Cancellation));
    }

    [Fact]
    public async Task The_family_is_asked_for_once()
    {
        FakeKernel kernel = Answering(Bytes.Done(), Bytes.Done());
        var devlink = new Devlink(kernel);

        Assert.Empty(await devlink.DevicesAsync(Cancellation));
        Assert.Empty(await devlink.PortsAsync(Cancellation));

        Assert.Equal(3, kernel.Requests.Count);
        Assert.Equal(
            Bytes.FromHex("20000000 10000500 00000000 00000000 03010000 0c000200 6465766c696e6b00"),
            kernel.Requests[0]);
    }

    [Fact]
    public async Task Devices_are_named_by_bus_and_device()
    {
        // the kernel's answer to DEVLINK_CMD_GET carries DEVLINK_CMD_NEW
        FakeKernel kernel = Answering(Bytes.Datagram(
            Bytes.Message(21, 2, Bytes.FromHex("03010000"), Bytes.Text(1, "pci"), Bytes.Text(2, "0000:01:00.0")),
            Bytes.Message(21, 2, Bytes.FromHex("03010000"), Bytes.FromHex(NetdevsimHandle)),
            Bytes.Done()));

        IReadOnlyList<DevlinkDevice> devices = await new Devlink(kernel).DevicesAsync(Cancellation);

        Assert.Equal(["pci/0000:01:00.0", "netdevsim/netdevsim1"], devices.Select(device => $"{device.Handle}"));
    }

    [Fact]
    public async Task A_chip_tells_its_PFs_and_a_PF_its_subfunctions()
    {
        // As net/devlink/sh_dev.c and devlink_nl_nested_fill send it; not seen on such a kernel.
        FakeKernel kernel = Answering(Bytes.Datagram(
            Device("pci", "0000:08:00.0", ("auxiliary", "mlx5_core.eth.0")),
            Device("devlink_index", "1", ("pci", "0000:08:00.0"), ("pci", "0000:08:00.1")),
            Bytes.Done()));

        IReadOnlyList<DevlinkDevice> devices = await new Devlink(kernel).DevicesAsync(Cancellation);

        Assert.Equal([false, true], devices.Select(device => device.IsChip));
        Assert.Equal(["pci/0000:08:00.0", "pci/0000:08:00.1"], devices[1].Nested.Select(one => $"{one}"));

        static byte[] Device(string bus, string device, params (string Bus, string Device)[] nested) => Bytes.Message(
            21, 2, [
                Bytes.FromHex("03010000"), Bytes.Text(1, bus), Bytes.Text(2, device),
                .. nested.Select(one => Bytes.Nest(175, Bytes.Text(1, one.Bus), Bytes.Text(2, one.Device))),
            ]);
    }

    [Fact]
    public async Task A_vf_port_tells_its_function()
    {
        FakeKernel kernel = Answering(Bytes.Datagram(PortMessage, Bytes.Done()));

        DevlinkPort port = Assert.Single(await new Devlink(kernel).PortsAsync(Cancellation));

        Assert.Equal(
            new DevlinkPort
            {
                Handle = Netdevsim,
                Index = 128,
                Type = DevlinkPortType.Ethernet,
                Flavour = DevlinkPortFlavour.PciVf,
                NetdevIndex = 9,
                NetdevName = "eth4",
                PfNumber = 0,
                VfNumber = 3,
                Controller = 0,
                IsExternal = false,
                FunctionAddress = HardwareAddress.Parse("02:00:00:00:00:03"),
            },
            port);
    }

    [Fact]
    public async Task Parameters_are_read_by_type_and_a_false_boolean_is_an_absent_value()
    {
        DevlinkParameter text = await ReadAsync(
            Parameter("flow_steering_mode", 5, Bytes.Nest(85, Bytes.Text(86, "smfs"), Bytes.Attribute(87, 0))));
        DevlinkParameter on = await ReadAsync(
            Parameter("test1", 6, Bytes.Nest(85, Bytes.Attribute(86), Bytes.Attribute(87, 1))));
        DevlinkParameter off = await ReadAsync(Parameter("test2", 6, Bytes.Nest(85, Bytes.Attribute(87, 1))));
        DevlinkParameter number = await ReadAsync(
            Parameter("max_macs", 3, Bytes.Nest(85, Bytes.Attribute(86, Bytes.Int32(32)), Bytes.Attribute(87, 1))));

        Assert.Equal(
            [DevlinkValue.Of("smfs"), DevlinkValue.Of(true), DevlinkValue.Of(false), DevlinkValue.Of(32u)],
            new[] { text, on, off, number }.Select(parameter => parameter.Values.Single().Value));
        Assert.Equal(DevlinkValue.Of("smfs"), text.ValueIn(DevlinkParameterMode.Runtime));
        Assert.Null(text.ValueIn(DevlinkParameterMode.Permanent));
        Assert.False(text.IsGeneric);

        static async Task<DevlinkParameter> ReadAsync(byte[] reply)
        {
            FakeKernel kernel = Answering(Bytes.Datagram(reply, Bytes.Acknowledgement()));
            DevlinkParameter? read = await new Devlink(kernel).ParameterAsync(Netdevsim, "name", Cancellation);
            Assert.NotNull(read);
            return read;
        }
    }

    [Fact]
    public async Task A_parameter_is_set_at_the_top_level()
    {
        FakeKernel kernel = Answering(Bytes.Acknowledgement(), Bytes.Acknowledgement(), Bytes.Acknowledgement());
        var devlink = new Devlink(kernel);

        await devlink.SetParameterAsync(
            Netdevsim, "mode", DevlinkParameterMode.Runtime, DevlinkValue.Of("smfs"), Cancellation);
        await devlink.SetParameterAsync(
            Netdevsim, "mode", DevlinkParameterMode.DriverInit, DevlinkValue.Of(true), Cancellation);
        await devlink.SetParameterAsync(
            Netdevsim, "mode", DevlinkParameterMode.Permanent, DevlinkValue.Of(false), Cancellation);

        const string name = "090051006D6F646500000000";
        Assert.EndsWith(
            name + "0500570000000000" + "0500530005000000" + "09005600736D667300000000",
            Convert.ToHexString(kernel.Requests[1]),
            StringComparison.Ordinal);
        Assert.EndsWith(
            name + "0500570001000000" + "0500530006000000" + "04005600",
            Convert.ToHexString(kernel.Requests[2]),
            StringComparison.Ordinal);
        Assert.EndsWith(
            name + "0500570002000000" + "0500530006000000",
            Convert.ToHexString(kernel.Requests[3]),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_parameter_that_the_driver_lacks_is_null()
    {
        var devlink = new Devlink(Answering(Bytes.Error(22)));

        Assert.Null(await devlink.ParameterAsync(Netdevsim, "esw_multiport", Cancellation));
    }

    [Fact]
    public async Task Versions_are_kept_apart_by_what_is_running_and_what_is_stored()
    {
        static byte[] Version(ushort type, string name, string value) =>
            Bytes.Nest(type, Bytes.Text(103, name), Bytes.Text(104, value));
        FakeKernel kernel = Answering(Bytes.Datagram(
            Bytes.Message(
                21,
                0,
                Bytes.FromHex("33010000"),
                Bytes.FromHex(NetdevsimHandle),
                Bytes.Text(98, "mlx5_core"),
                Version(100, "fw.psid", "MT_0000000012"),
                Version(101, "fw.version", "16.35.2000"),
                Version(102, "fw.version", "16.35.3006")),
            Bytes.Acknowledgement()));

        DevlinkInfo? info = await new Devlink(kernel).InfoAsync(Netdevsim, Cancellation);

        Assert.NotNull(info);
        Assert.Equal("mlx5_core", info.Driver);
        Assert.Null(info.Serial);
        Assert.Equal("MT_0000000012", info.FixedVersions["fw.psid"]);
        Assert.Equal("16.35.2000", info.RunningVersions["fw.version"]);
        Assert.Equal("16.35.3006", info.StoredVersions["fw.version"]);
    }

    [Fact]
    public async Task A_reporter_belongs_to_a_device_or_to_a_port()
    {
        FakeKernel kernel = Answering(Bytes.Datagram(
            Reporter("fw_fatal"), Reporter("tx", Bytes.Attribute(3, Bytes.Int32(65535))), Bytes.Done()));

        IReadOnlyList<DevlinkHealthReporter> reporters = await new Devlink(kernel).HealthReportersAsync(Cancellation);

        Assert.Equal([("fw_fatal", (uint?)null), ("tx", 65535u)], reporters.Select(r => (r.Name, r.PortIndex)));
        Assert.Equal(DevlinkHealthState.Error, reporters[0].State);
        Assert.Equal((2ul, 1ul), (reporters[0].Errors, reporters[0].Recoveries));
        Assert.Equal(TimeSpan.FromMinutes(1), reporters[0].GracePeriod);
        Assert.True(reporters[0].IsAutoRecovering);
    }

    [Fact]
    public void Words_are_those_of_the_devlink_command()
    {
        Assert.Equal(
            ["legacy", "switchdev", "switchdev_inactive"], Enum.GetValues<EswitchMode>().Select(m => m.ToName()));
        Assert.Equal(
            ["none", "link", "network", "transport"], Enum.GetValues<EswitchInlineMode>().Select(m => m.ToName()));
        Assert.Equal(["none", "basic"], Enum.GetValues<EswitchEncapMode>().Select(m => m.ToName()));
        Assert.Equal("unknown (9)", ((EswitchMode)9).ToName());
    }

    [Theory]
    [InlineData("pci/0000:01:00.0", true)]
    [InlineData("auxiliary/mlx5_core.sf.2", true)]
    [InlineData("pci/", false)]
    [InlineData("/0000:01:00.0", false)]
    [InlineData("0000:01:00.0", false)]
    public void A_handle_is_a_bus_and_a_device(string text, bool isHandle)
    {
        Assert.Equal(isHandle, DevlinkHandle.TryParse(text, out DevlinkHandle handle));
        Assert.True(!isHandle || handle.ToString() == text);
    }

    [Fact]
    public async Task Every_damaged_answer_is_refused_or_read()
    {
        byte[][] answers = [
            Bytes.Datagram(PortMessage, Bytes.Done()),
            Bytes.Datagram(
                Parameter("p", 5, Bytes.Nest(85, Bytes.Text(86, "x"), Bytes.Attribute(87, 0))),
                Bytes.Acknowledgement()),
            Bytes.Datagram(Reporter("fw"), Bytes.Done()),
            Bytes.Datagram(EswitchReply, Bytes.Acknowledgement()),
        ];
        Func<Devlink, Task>[] reads = [
            devlink => devlink.PortsAsync(Cancellation),
            devlink => devlink.ParameterAsync(Netdevsim, "p", Cancellation),
            devlink => devlink.HealthReportersAsync(Cancellation),
            devlink => devlink.EswitchAsync(Netdevsim, Cancellation),
        ];
        foreach ((byte[]? answer, Func<Devlink, Task>? read) in answers.Zip(reads))
        {
            Task ReadAsync(INetlinkChannel kernel) => read(new Devlink(new WithFamily(kernel)));

            Assert.True(await DamagedInput.CutAsync(answer, ReadAsync) > answer.Length / 2);
            await DamagedInput.MutateAsync(answer, ReadAsync);
        }
    }

    [Fact]
    public void A_notification_of_a_port_tells_the_port()
    {
        byte[] payload = PortMessage[16..];
        payload[0] = 7; // DEVLINK_CMD_PORT_NEW

        var news = DevlinkEvent.Read(new NetlinkNotification(21, payload));

        Assert.Equal(DevlinkEventKind.PortChanged, news.Kind);
        Assert.Equal(Netdevsim, news.Handle);
        Assert.Equal(128u, news.Port?.Index);
        Assert.Equal(
            DevlinkEventKind.MessagesLost, DevlinkEvent.Read(NetlinkNotification.MessagesLost).Kind);
    }

    /// <summary>As netdevsim's port of VF 3, with a MAC.</summary>
    private static byte[] PortMessage => Bytes.Message(
        21,
        2,
        Bytes.FromHex("03010000"),
        Bytes.FromHex(NetdevsimHandle),
        Bytes.Attribute(3, Bytes.Int32(128)),
        Bytes.Attribute(4, Bytes.UInt16(2)),
        Bytes.Attribute(6, Bytes.Int32(9)),
        Bytes.Text(7, "eth4"),
        Bytes.Attribute(77, Bytes.UInt16(4)),
        Bytes.Attribute(150, Bytes.Int32(0)),
        Bytes.Attribute(127, Bytes.UInt16(0)),
        Bytes.Attribute(128, Bytes.UInt16(3)),
        Bytes.Attribute(149, 0),
        Bytes.Nest(0x8000 | 145, Bytes.Attribute(1, 2, 0, 0, 0, 0, 3)));

    private static byte[] Parameter(string name, byte type, params byte[][] values) => Bytes.Message(
        21,
        0,
        Bytes.FromHex("26010000"),
        Bytes.FromHex(NetdevsimHandle),
        Bytes.Nest(80, Bytes.Text(81, name), Bytes.Attribute(83, type), Bytes.Nest(84, values)));

    private static byte[] Reporter(string name, params byte[][] attributes) => Bytes.Message(
        21,
        2,
        [
            Bytes.FromHex("34010000"),
            Bytes.FromHex(NetdevsimHandle),
            .. attributes,
            Bytes.Nest(
                114,
                Bytes.Text(115, name),
                Bytes.Attribute(116, 1),
                Bytes.Attribute(117, BitConverter.GetBytes(2ul)),
                Bytes.Attribute(118, BitConverter.GetBytes(1ul)),
                Bytes.Attribute(120, BitConverter.GetBytes(60_000ul)),
                Bytes.Attribute(121, 1)),
        ]);

    private static FakeKernel Answering(params byte[][] answers) => FakeKernel.WithAnswers([Family, .. answers]);

    /// <summary>Answers for the family itself and asks the inner kernel the rest.</summary>
    private sealed class WithFamily(INetlinkChannel kernel) : INetlinkChannel
    {
        private readonly FakeKernel _families = new(_ => [Family]);

        public Task<NetlinkOutcome> ExchangeAsync(
            NetlinkRequest request, NetlinkMessageHandler onMessage, CancellationToken cancellationToken)
            => request.Operation.Contains("family", StringComparison.Ordinal)
                ? _families.ExchangeAsync(request, onMessage, cancellationToken)
                : kernel.ExchangeAsync(request, onMessage, cancellationToken);
    }
}
