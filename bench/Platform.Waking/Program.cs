using System.Globalization;
using Platform.Waking;

// dotnet run -c Release --project bench/Platform.Waking [-- --tasks N]: a reminder for each task against sweepers, over one PostgreSQL.
if (args is ["silo", var at, var silosPort, var how])
{
    await SiloProgram.RunAsync(at, int.Parse(silosPort, CultureInfo.InvariantCulture), how == "sweepers");
    return 0;
}

var tasks = args is ["--tasks", var wanted] ? int.Parse(wanted, CultureInfo.InvariantCulture) : 10_000;
Console.WriteLine($"{tasks} tasks, two silos over one PostgreSQL (synchronous commit), default failure detection; {TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC");
Console.WriteLine("| way | case | rows written for the schedule, per task | woken | late p50 | late p99 | slowest | most woken within one second |");
Console.WriteLine("|---|---|---|---|---|---|---|---|");
foreach (var way in (string[])["reminders", "sweepers"])
{
    foreach (var (scenario, what) in (IEnumerable<(Scenario, string)>)
        [(Scenario.Quiet, "nothing dies"), (Scenario.Kill, "one of two silos killed while they come due"), (Scenario.Downtime, "due during a downtime of both")])
    {
        await using var run = await Run.StartAsync(way, tasks);
        Console.WriteLine($"| {way} | {what} | {await run.MeasureAsync(scenario)} |");
    }
}

return 0;
