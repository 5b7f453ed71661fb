using System.Diagnostics;
using Platform.Bench.Hosts;
using Platform.Bench.Measure;

namespace Platform.Bench.Rows;

/// <summary>From the start of the built program on an empty folder until its first task is accepted, and its memory when it idles.</summary>
internal static class StartupRow
{
    private const double SecondsGoal = 3;
    private const double MegabytesGoal = 250;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    public static async Task<Row[]> RunAsync(Settings settings, string command)
    {
        var seconds = new List<double>();
        var megabytes = new List<double>();
        for (var round = 0; round < settings.Rounds; round++)
        {
            var folder = Repository.NewFolder(command);
            var started = Stopwatch.GetTimestamp();
            using var host = PlatformProcess.Launch(folder, TimeSpan.FromHours(1), demo: true);
            await host.WaitUntilReadyAsync();
            var ready = Stopwatch.GetElapsedTime(started);
            var customer = await Customer.UploadAsync(host, PlatformProcess.DemoKey);
            await customer.CreateTaskAsync();
            seconds.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
            Console.WriteLine($"  round {round + 1}: ready after {ready.TotalSeconds:0.00} s, first task accepted after {seconds[^1]:0.00} s");
        }

        // Memory of a process that nobody has asked anything yet, as the goal has it.
        using (var host = PlatformProcess.Launch(Repository.NewFolder(command), TimeSpan.FromHours(1), demo: true))
        {
            await host.WaitUntilReadyAsync();
            await Task.Delay(Idle, TimeProvider.System);
            megabytes.Add(Kernel.ResidentBytes(host.Id) / 1e6);
        }

        return
        [
            Plain("program start until the first accepted task, both samples uploaded in between", "< 3 s", $"{Settings.Median(seconds):0.00} s", Settings.Median(seconds) < SecondsGoal, command),
            Plain("idle memory (resident) 10 s after start", "< 250 MB", $"{megabytes[0]:0} MB", megabytes[0] < MegabytesGoal, command),
        ];
    }

    private static Row Plain(string what, string goal, string figure, bool isMet, string command) => new()
    {
        What = what,
        Goal = goal,
        Figure = figure,
        Baseline = "–",
        Ratio = "–",
        IsMet = isMet,
        Command = command,
        Durability = "WAL, synchronous=FULL",
        Errors = 0,
    };
}
