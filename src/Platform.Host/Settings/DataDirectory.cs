namespace Platform.Host.Settings;

/// <summary>The folder that an installation on one machine keeps everything in: database, media, generated secrets.</summary>
internal sealed class DataDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _root;

    public DataDirectory(string path)
    {
        _root = Path.GetFullPath(path);
        Directory.CreateDirectory(_root);
    }

    public string Database => Path.Combine(_root, "platform.db");

    public string Media => Path.Combine(_root, "media");

    /// <summary>A secret of this installation: what is in its file, or a new one that is put there. Only the owner can read it.</summary>
    public string Secret(string name, Func<string> create)
    {
        var folder = Path.Combine(_root, "secrets");
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, name);
        if (TryRead(path) is { } stored)
        {
            return stored;
        }

        // Written aside and moved without replacing: two processes that start at once end up with one secret.
        var secret = create();
        var draft = $"{path}.{Environment.ProcessId}";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using (var file = new FileStream(draft, options))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes(secret));
            file.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(draft, path, overwrite: false);
            return secret;
        }
        catch (IOException) when (TryRead(path) is not null)
        {
            File.Delete(draft);
            return TryRead(path)!;
        }
    }

    private static string? TryRead(string path) =>
        File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } text ? text : null;
}
