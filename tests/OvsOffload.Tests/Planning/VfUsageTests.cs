using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Planning;

public class VfUsageTests
{
    public static TheoryData<int> Kinds => [.. Enum.GetValues<HolderKind>().Select(kind => (int)kind)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_change_of_mode_is_refused_while_somebody_holds_a_VF(int kind)
    {
        HostState host = SampleHost.Legacy().WithHolder(1, (HolderKind)kind, "qemu-system-x86 (pid 4242) has it");

        Objection objection = Planned.Switchdev(host).Objection();

        Assert.Equal(ObjectionKind.Refused, objection.Kind);
        Assert.Equal("0000:3b:00.0 vf1", objection.Object);
        Assert.Contains("is in use: qemu-system-x86 (pid 4242) has it; changing the e-switch's mode", objection.Text,
            StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_change_of_the_number_of_VFs_is_refused_while_somebody_holds_one(int kind)
    {
        HostState host = SampleHost.ConnectX6Dx().WithHolder(0, (HolderKind)kind, "somebody");

        Objection objection = Planned.Switchdev(host, 4).Objection();

        Assert.Equal(ObjectionKind.Refused, objection.Kind);
        Assert.Contains("changing the number of VFs", objection.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_VF_whose_holder_cannot_be_told_counts_as_held()
    {
        HostState host = SampleHost.Legacy()
            .WithVf(0, vf => vf with { Holder = Reading.Failed<Holder>("/proc/500/fd: permission denied") });

        Objection objection = Planned.Switchdev(host).Objection();

        Assert.Equal(ObjectionKind.Refused, objection.Kind);
        Assert.Contains("may be in use, which cannot be determined: /proc/500/fd: permission denied", objection.Text,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_change_of_mode_is_refused_while_RDMA_on_the_PF_is_or_may_be_in_use(bool known)
    {
        HostState host = SampleHost.Fresh().WithPf(pf => pf with
        {
            RdmaUser = known
                ? Reading.Known(new Holder(HolderKind.Rdma, "fio (pid 7) has /dev/infiniband/uverbs0 open"))
                : Reading.Failed<Holder>("rdma resource show qp: EPERM"),
        });

        Objection objection = Planned.Switchdev(host, 2).Objection();

        Assert.Equal((ObjectionKind.Refused, SampleHost.Pf), (objection.Kind, objection.Object));
        Assert.Contains(known ? "fio (pid 7)" : "EPERM", objection.Text, StringComparison.Ordinal);
        Assert.Contains("removes its RDMA device", objection.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void RDMA_on_the_PF_does_not_stop_a_change_that_leaves_its_device() => Assert.Empty(Planned.Switchdev(
        SampleHost.ConnectX6Dx().WithPf(pf => pf with
        {
            RdmaUser = Reading.Known(new Holder(HolderKind.Rdma, "fio")),
        }), 4).Objections);

    [Fact]
    public void Every_holder_is_named_at_once()
    {
        HostState host = SampleHost.Legacy(vfs: 3)
            .WithHolder(0, HolderKind.Vfio, "one").WithHolder(2, HolderKind.Vfio, "two");

        Assert.Equal(
            ["0000:3b:00.0 vf0", "0000:3b:00.0 vf2"], Planned.Switchdev(host).Objections.Select(no => no.Object));
    }

    [Fact]
    public void A_plan_that_does_not_take_VFs_goes_on_beside_their_holders()
    {
        HostState host = SampleHost.ConnectX6Dx()
            .WithHolder(0, HolderKind.Vfio, "a guest")
            .WithRepresentor(1, device => device with { Up = false });

        Assert.Equal("link-up", Planned.Switchdev(host, 2).Order());
    }

    [Fact]
    public void VFs_that_could_not_be_counted_are_not_taken_for_none()
    {
        HostState host = SampleHost.Legacy().WithPf(pf => pf with
        {
            VfCount = Reading.Failed<int>("EIO"),
            VirtualFunctions = [],
        });

        Objection objection = Planned.Switchdev(host).Objection();

        Assert.Equal(ObjectionKind.Unreadable, objection.Kind);
        Assert.Contains("EIO", objection.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void VFs_that_could_not_be_found_may_be_held_by_anybody()
    {
        HostState host = SampleHost.Legacy(vfs: 3)
            .WithPf(pf => pf with { VirtualFunctions = pf.VirtualFunctions.RemoveAt(1) });

        Assert.Contains("only 2 of 3 VFs", Planned.Switchdev(host).Objection().Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_observed_PF_is_left_alone_whoever_holds_it() => Assert.True(Planned.For(
        SampleHost.Legacy().WithHolder(0, HolderKind.Vfio, "a guest"),
        SampleIntent.Nic(NicMode.Switchdev, 5) with { Managed = Management.Observe }).IsEmpty);
}
