using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Domain;

namespace Platform.Upstreams.Sandbox.Rendering;

/// <summary>Gives each render a folder of its own that only this user can enter, and takes it away again.</summary>
internal sealed partial class WorkFolders(IOptions<SandboxOptions> options, IIdSource ids, TimeProvider clock, ILogger<WorkFolders> logger)
{
    private const string Prefix = "render-";

    // Longer than any render may run (30 minutes), so that another process's folders are left alone.
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(1);

    /// <summary>Makes a folder; dispose it to remove it with all that is in it.</summary>
    internal WorkFolder Create()
    {
        var path = Path.Combine(Path.GetFullPath(options.Value.WorkDirectory), Prefix + ids.Next(20));
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return new WorkFolder(path, this);
    }

    /// <summary>Removes the folders of renders whose process died.</summary>
    internal void RemoveAbandoned()
    {
        var root = new DirectoryInfo(options.Value.WorkDirectory);
        if (!root.Exists)
        {
            return;
        }

        var oldest = clock.GetUtcNow() - Abandoned;
        foreach (var folder in root.EnumerateDirectories(Prefix + "*").Where(folder => folder.LastWriteTimeUtc < oldest.UtcDateTime))
        {
            Remove(folder.FullName);
        }
    }

    private void Remove(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogNotRemoved(path, exception);
        }
    }

    /// <summary>A folder of one render.</summary>
    internal sealed class WorkFolder(string path, WorkFolders owner) : IDisposable
    {
        /// <summary>Absolute path of the folder.</summary>
        internal string FullName => path;

        /// <summary>Absolute path of a file in the folder.</summary>
        internal string File(string name) => Path.Combine(path, name);

        /// <inheritdoc/>
        public void Dispose() => owner.Remove(path);
    }
}
