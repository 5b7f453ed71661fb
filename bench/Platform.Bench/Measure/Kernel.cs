using System.Globalization;

namespace Platform.Bench.Measure;

/// <summary>What Linux says about processes and the machine.</summary>
internal static class Kernel
{
    // sysconf(_SC_CLK_TCK) on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    /// <summary>Processor time that a process has used so far.</summary>
    public static TimeSpan ProcessorTime(int process)
    {
        // The name, in parentheses, may hold spaces: fields are counted from behind it.
        var text = File.ReadAllText($"/proc/{process}/stat");
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return Ticks(fields[11]) + Ticks(fields[12]);
    }

    /// <summary>Processor time that everything on the machine has used so far, over all processors.</summary>
    public static TimeSpan MachineTime()
    {
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);

        // user, nice, system, then idle and iowait, then irq, softirq.
        return Ticks(fields[1]) + Ticks(fields[2]) + Ticks(fields[3]) + Ticks(fields[6]) + Ticks(fields[7]);
    }

    /// <summary>Memory of a process that is in use (resident set), in bytes.</summary>
    public static long ResidentBytes(int process) => 1024 * long.Parse(
        File.ReadLines($"/proc/{process}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);

    /// <summary>The machine in a few words.</summary>
    public static string Machine()
    {
        var model = File.ReadLines("/proc/cpuinfo").First(l => l.StartsWith("model name", StringComparison.Ordinal)).Split(':')[1].Trim();
        var memory = long.Parse(
            File.ReadLines("/proc/meminfo").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        return $"{Environment.ProcessorCount} cores of {model}, {memory / 1024 / 1024} GiB memory, {FileSystem()}, .NET {Environment.Version}";
    }

    // Flushes on a file system in memory cost nothing and would mean nothing.
    private static string FileSystem() => File.ReadLines("/proc/mounts")
        .Select(l => l.Split(' '))
        .Where(f => Hosts.Repository.Root.StartsWith(f[1], StringComparison.Ordinal))
        .MaxBy(f => f[1].Length)![2];

    private static TimeSpan Ticks(string field) =>
        TimeSpan.FromSeconds(long.Parse(field, CultureInfo.InvariantCulture) / TicksPerSecond);
}
