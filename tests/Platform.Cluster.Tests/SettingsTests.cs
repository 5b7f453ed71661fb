using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Platform.Host.Settings;

namespace Platform.Cluster.Tests;

/// <summary>What a cluster needs is asked for at start, by the name under which it is set.</summary>
public sealed class SettingsTests
{
    private static readonly Dictionary<string, string?> Cluster = new(StringComparer.Ordinal)
    {
        ["ConnectionStrings:Platform"] = "Host=db",
        ["Platform:Storage"] = "postgres",
        ["Platform:PublicUrl"] = "https://api.example.com",
        ["Platform:AdminKey"] = "adm-0123456789abcdef",
        ["Platform:LinkSigningKey"] = "0123456789abcdef0123456789abcdef",
    };

    [Theory]
    [InlineData("all")]
    [InlineData("api")]
    [InlineData("silo")]
    [InlineData("migrate")]
    public void Check_ClusterWithAll_IsRight(string role) => Failures(("Platform:Role", role)).Should().BeEmpty();

    [Fact]
    public void Check_Defaults_AreRight() => Check(new(StringComparer.Ordinal)).Should().BeEmpty();

    [Theory]
    [InlineData("ConnectionStrings:Platform", "all", null)]
    [InlineData("ConnectionStrings:Platform", "migrate", null)]
    [InlineData("Platform:PublicUrl", "silo", null)]
    [InlineData("Platform:LinkSigningKey", "silo", null)]
    [InlineData("Platform:LinkSigningKey", "all", "too short")]
    [InlineData("Platform:AdminKey", "api", null)]
    [InlineData("Platform:AdminKey", "all", "too short")]
    [InlineData("Platform:Demo:ApiKey", "all", null, "Platform:Demo:Enabled", "true")]
    [InlineData("Platform:Role", "everything", "everything")]
    [InlineData("Platform:Silo:Address", "all", "silo-1")]
    [InlineData("Platform:Silo:Port", "all", "0")]
    [InlineData("Platform:Silo:ProbeTimeout", "all", "00:02:00")]
    [InlineData("Platform:Sweeper:Lease", "all", "00:00:00")]
    [InlineData("Platform:Shutdown:Timeout", "all", "00:00:00")]
    [InlineData("Platform:Sandbox:Lease", "all", "00:00:01")]
    public void Check_OneWrong_IsNamed(string key, string role, string? value, string? also = null, string? alsoValue = null)
    {
        var settings = new List<(string, string?)> { ("Platform:Role", role), (key, value) };
        if (also is not null)
        {
            settings.Add((also, alsoValue));
        }

        Failures([.. settings]).Should().ContainSingle().Which.Should().StartWith($"{key}:");
    }

    [Theory]
    [InlineData("api")]
    [InlineData("silo")]
    public void Check_PartOfAClusterOnSqlite_IsNamed(string role) =>
        Check(new(StringComparer.Ordinal) { ["Platform:Role"] = role }).Should().ContainSingle().Which.Should().StartWith("Platform:Role:");

    private static List<string> Failures(params (string Key, string? Value)[] changes)
    {
        var values = new Dictionary<string, string?>(Cluster, StringComparer.Ordinal);
        foreach (var (key, value) in changes)
        {
            values[key] = value;
        }

        return Check(values);
    }

    private static List<string> Check(Dictionary<string, string?> values)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values.Where(v => v.Value is not null)).Build();
        var settings = configuration.GetSection(PlatformSettings.Section).Get<PlatformSettings>() ?? new();
        try
        {
            SettingsValidation.Check(settings, configuration, serves: settings.Role != "migrate");
            return [];
        }
        catch (OptionsValidationException wrong)
        {
            return [.. wrong.Failures];
        }
    }
}
