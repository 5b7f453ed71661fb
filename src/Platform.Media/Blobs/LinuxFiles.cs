using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Platform.Media.Blobs;

/// <summary>
/// The two calls that .NET lacks. A rename is durable only once its <em>directory</em> is flushed, and .NET refuses to open a
/// directory as a file; and it has no call that makes a hard link. On other systems directories are not flushed (Windows needs
/// none for a rename) and links are reported as impossible, so that the caller copies.
/// </summary>
internal static partial class LinuxFiles
{
    private const int ReadOnly = 0;
    private const int CloseOnExec = 0x80000;

    /// <summary>Flushes a directory's entries to durable storage.</summary>
    /// <exception cref="IOException">The directory could not be opened or flushed.</exception>
    public static void FlushDirectory(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var descriptor = Open(path, ReadOnly | CloseOnExec);
        if (descriptor < 0)
        {
            throw LastError($"Could not open the directory '{path}' to flush it");
        }

        try
        {
            if (Fsync(descriptor) != 0)
            {
                throw LastError($"Could not flush the directory '{path}'");
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <summary>
    /// Gives a file a second name; false where that cannot be done (other file system, too many links, not Linux, or the
    /// source is gone), so that the caller falls back to a copy, which then tells what is wrong.
    /// </summary>
    public static bool TryLink(string existing, string name) => OperatingSystem.IsLinux() && Link(existing, name) == 0;

    private static IOException LastError(string what)
    {
        var error = new Win32Exception(Marshal.GetLastPInvokeError());
        return new IOException($"{what}: {error.Message}.", error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string existing, string name);
}
