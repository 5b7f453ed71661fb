using System.Diagnostics;
using System.Globalization;

namespace Platform.Postgres;

/// <summary>The processes of a server, as the kernel tells of them.</summary>
internal static class ServerProcesses
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PatienceWithParent = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(10);

    /// <summary>The processes that a process has started and that live.</summary>
    public static IEnumerable<int> ChildrenOf(int parent)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && Status(id, "PPid:") == parent.ToString(CultureInfo.InvariantCulture))
            {
                yield return id;
            }
        }
    }

    /// <summary>Whether the kernel still knows a process, be it only because its parent did not ask how it ended.</summary>
    public static bool Lives(int id) => Status(id, "State:") is not null;

    /// <summary>Kills a process; returns when it is gone, or lingers only because its parent does not ask how it ended.</summary>
    /// <exception cref="TimeoutException">It did not go.</exception>
    public static async Task KillAsync(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (ArgumentException)
        {
            return; // It has ended.
        }

        var started = Stopwatch.GetTimestamp();
        while (Status(id, "State:") is { } state)
        {
            var ended = state.StartsWith('Z');
            if (ended && Stopwatch.GetElapsedTime(started) > PatienceWithParent)
            {
                return;
            }

            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new TimeoutException($"Process {id} is still {state} after SIGKILL.");
            }

            await Task.Delay(LookEvery, TimeProvider.System);
        }
    }

    private static string? Status(int id, string field)
    {
        try
        {
            return File.ReadLines($"/proc/{id}/status")
                .FirstOrDefault(line => line.StartsWith(field, StringComparison.Ordinal))?[field.Length..].Trim();
        }
        catch (IOException)
        {
            return null; // It has ended, perhaps while it was read.
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }
}
