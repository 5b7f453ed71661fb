namespace Platform.Bench.Hosts;

/// <summary>Where things lie in the repository.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The host's program, of the same build as this one.</summary>
    public static string Host { get; } = Built("src/Platform.Host", "Platform.Host.dll");

    /// <summary>The baselines' program.</summary>
    public static string Baselines { get; } = Built("bench/baselines", "Platform.Baselines.dll");

    /// <summary>Schema and scripts of the baselines on PostgreSQL.</summary>
    public static string PostgresBaselines { get; } = Path.Combine(Root, "bench", "baselines", "postgres");

    public static string Image { get; } = Path.Combine(Root, "samples", "character.png");

    public static string Video { get; } = Path.Combine(Root, "samples", "motion.mp4");

    /// <summary>A new folder for the data of one run, on the disk of the repository: the system's temporary folder may have none.</summary>
    public static string NewFolder(string name)
    {
        var folder = Path.Combine(Root, "artifacts", "bench", $"{name}-{Environment.ProcessId}");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        return folder;
    }

    private static string Built(string project, string file)
    {
        var configuration = AppContext.BaseDirectory.Contains("Release", StringComparison.Ordinal) ? "Release" : "Debug";
        return Path.Combine(Root, project, "bin", configuration, "net10.0", file);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Platform.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The bench must lie in the repository.");
    }
}
