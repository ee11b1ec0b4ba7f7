using OvsOffload.Host;

namespace OvsOffload.Verifying;

/// <summary>How bad a finding is on a host.</summary>
internal static class ObservedSeverity
{
    extension(Observation observation)
    {
        /// <summary>An error where offload is wanted, else info.</summary>
        public FindingStatus ErrorIfOffloadExpected =>
            observation.OffloadExpected ? FindingStatus.Error : FindingStatus.Info;
    }
}
