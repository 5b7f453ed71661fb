namespace Platform.Postgres;

/// <summary>Finds the programs of the newest PostgreSQL of this machine, where Debian puts them: not on the PATH.</summary>
public static class PostgresBinaries
{
    private const string Root = "/usr/lib/postgresql";

    private static readonly Lazy<string> Folder = new(Find);

    /// <summary>Full path of a program such as <c>pgbench</c>.</summary>
    /// <exception cref="InvalidOperationException">No PostgreSQL is installed; a suite that needs one fails, it does not skip.</exception>
    public static string Path(string program) => System.IO.Path.Combine(Folder.Value, program);

    private static string Find()
    {
        var newest = Directory.Exists(Root)
            ? Directory.EnumerateDirectories(Root)
                .Where(version => File.Exists(System.IO.Path.Combine(version, "bin", "initdb")))
                .MaxBy(version => int.TryParse(System.IO.Path.GetFileName(version), out var number) ? number : 0)
            : null;
        return newest is null
            ? throw new InvalidOperationException($"No PostgreSQL server under {Root}: install Debian's package 'postgresql', as ./test does.")
            : System.IO.Path.Combine(newest, "bin");
    }
}
