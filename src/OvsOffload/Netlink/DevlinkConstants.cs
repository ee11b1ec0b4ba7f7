namespace OvsOffload.Netlink;

/// <summary>enum devlink_command, linux/devlink.h: those that are used.</summary>
internal static class DevlinkCommand
{
    public const byte DeviceGet = 1; // DEVLINK_CMD_GET
    public const byte DeviceNew = 3; // DEVLINK_CMD_NEW
    public const byte DeviceDelete = 4; // DEVLINK_CMD_DEL
    public const byte PortGet = 5; // DEVLINK_CMD_PORT_GET
    public const byte PortNew = 7; // DEVLINK_CMD_PORT_NEW
    public const byte PortDelete = 8; // DEVLINK_CMD_PORT_DEL
    public const byte EswitchGet = 29; // DEVLINK_CMD_ESWITCH_GET
    public const byte EswitchSet = 30; // DEVLINK_CMD_ESWITCH_SET
    public const byte ParameterGet = 38; // DEVLINK_CMD_PARAM_GET
    public const byte ParameterSet = 39; // DEVLINK_CMD_PARAM_SET
    public const byte InfoGet = 51; // DEVLINK_CMD_INFO_GET
    public const byte HealthReporterGet = 52; // DEVLINK_CMD_HEALTH_REPORTER_GET
}

/// <summary>enum devlink_attr, linux/devlink.h: those that are used.</summary>
internal static class DevlinkAttribute
{
    public const ushort BusName = 1; // string
    public const ushort DeviceName = 2; // string

    public const ushort PortIndex = 3; // u32
    public const ushort PortType = 4; // u16
    public const ushort PortNetdevIndex = 6; // DEVLINK_ATTR_PORT_NETDEV_IFINDEX, u32
    public const ushort PortNetdevName = 7; // string
    public const ushort PortFlavour = 77; // u16
    public const ushort PortNumber = 78; // u32
    public const ushort PortPfNumber = 127; // DEVLINK_ATTR_PORT_PCI_PF_NUMBER, u16
    public const ushort PortVfNumber = 128; // DEVLINK_ATTR_PORT_PCI_VF_NUMBER, u16
    public const ushort PortFunction = 145; // nest of enum devlink_port_function_attr
    public const ushort PortExternal = 149; // u8
    public const ushort PortControllerNumber = 150; // u32
    public const ushort PortSfNumber = 164; // DEVLINK_ATTR_PORT_PCI_SF_NUMBER, u32

    public const ushort EswitchMode = 25; // u16
    public const ushort EswitchInlineMode = 26; // u8
    public const ushort EswitchEncapMode = 62; // u8

    public const ushort Parameter = 80; // DEVLINK_ATTR_PARAM, nest
    public const ushort ParameterName = 81; // string
    public const ushort ParameterGeneric = 82; // flag
    public const ushort ParameterType = 83; // u8
    public const ushort ParameterValues = 84; // DEVLINK_ATTR_PARAM_VALUES_LIST, nest
    public const ushort ParameterValue = 85; // nest
    public const ushort ParameterValueData = 86; // by type
    public const ushort ParameterValueMode = 87; // DEVLINK_ATTR_PARAM_VALUE_CMODE, u8

    public const ushort InfoDriver = 98; // DEVLINK_ATTR_INFO_DRIVER_NAME, string
    public const ushort InfoSerial = 99; // DEVLINK_ATTR_INFO_SERIAL_NUMBER, string
    public const ushort InfoFixed = 100; // DEVLINK_ATTR_INFO_VERSION_FIXED, nest, repeated
    public const ushort InfoRunning = 101; // DEVLINK_ATTR_INFO_VERSION_RUNNING, nest, repeated
    public const ushort InfoStored = 102; // DEVLINK_ATTR_INFO_VERSION_STORED, nest, repeated
    public const ushort InfoVersionName = 103; // string
    public const ushort InfoVersionValue = 104; // string
    public const ushort InfoBoardSerial = 146; // DEVLINK_ATTR_INFO_BOARD_SERIAL_NUMBER, string

    public const ushort Nested = 175; // DEVLINK_ATTR_NESTED_DEVLINK, nest of a handle, repeated

    public const ushort HealthReporter = 114; // nest
    public const ushort HealthReporterName = 115; // string
    public const ushort HealthReporterState = 116; // u8
    public const ushort HealthReporterErrors = 117; // DEVLINK_ATTR_HEALTH_REPORTER_ERR_COUNT, u64
    public const ushort HealthReporterRecoveries = 118; // DEVLINK_ATTR_HEALTH_REPORTER_RECOVER_COUNT, u64
    public const ushort HealthReporterGracePeriod = 120; // DEVLINK_ATTR_HEALTH_REPORTER_GRACEFUL_PERIOD, u64, ms
    public const ushort HealthReporterAutoRecover = 121; // u8
}

/// <summary>enum devlink_port_function_attr, linux/devlink.h.</summary>
internal static class DevlinkPortFunctionAttribute
{
    public const ushort HardwareAddress = 1; // DEVLINK_PORT_FUNCTION_ATTR_HW_ADDR, binary
    public const ushort State = 2; // DEVLINK_PORT_FN_ATTR_STATE, u8
    public const ushort OperationalState = 3; // DEVLINK_PORT_FN_ATTR_OPSTATE, u8
}
