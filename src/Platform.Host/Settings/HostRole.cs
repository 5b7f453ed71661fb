namespace Platform.Host.Settings;

/// <summary>What a process does.</summary>
internal static class HostRole
{
    /// <summary>Everything: API and grains.</summary>
    public const string All = "all";

    /// <summary>The public API, as a client of the cluster.</summary>
    public const string Api = "api";

    /// <summary>Grains; no public API.</summary>
    public const string Silo = "silo";

    /// <summary>Brings the schema up to date, and ends.</summary>
    public const string Migrate = "migrate";

    public static bool ServesApi(string role) => role is All or Api;

    public static bool HostsGrains(string role) => role is All or Silo;
}
