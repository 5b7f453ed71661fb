using System.Globalization;
using Platform.Bench.Measure;
using Platform.Bench.Rows;

// One command per row of docs/performance.md; all prints the whole table.
string[] known = ["accept-sqlite", "hot-tenant-sqlite", "latency-sqlite", "get-sqlite", "startup", "postgres"];
if (args is not [var wanted, ..] || (wanted != "all" && !known.Contains(wanted, StringComparer.Ordinal)))
{
    await Console.Error.WriteLineAsync($"Usage: Platform.Bench {string.Join(" | ", known)} | all [--rounds N] [--seconds N]");
    return 2;
}

var settings = new Settings(Option("--rounds", 3), Option("--seconds", 4));
Console.WriteLine($"Machine: {Kernel.Machine()}");
Console.WriteLine($"Date: {TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC; rounds {settings.Rounds}, {settings.Seconds} s each, baseline and subject in turn");
var rows = new List<Row>();
foreach (var command in wanted == "all" ? known : [wanted])
{
    Console.WriteLine(command);
    rows.AddRange(command switch
    {
        "accept-sqlite" => [await AcceptRow.RunAsync(settings, command, tenants: 32)],
        "hot-tenant-sqlite" => [await AcceptRow.RunAsync(settings, command, tenants: 1)],
        "latency-sqlite" => [await LatencyRow.RunAsync(settings, command)],
        "get-sqlite" => await GetRow.RunAsync(settings, command),
        "postgres" => await PostgresRows.RunAsync(settings, command),
        _ => await StartupRow.RunAsync(settings, command),
    });
}

Console.WriteLine();
foreach (var line in Row.Table(rows))
{
    Console.WriteLine(line);
}

// A figure that rests on errors is none.
foreach (var row in rows.Where(r => r.Errors > 0))
{
    await Console.Error.WriteLineAsync($"{row.What}: {row.Errors} errors, the first: {row.FirstError}");
}

return rows.Exists(r => r.Errors > 0) ? 1 : 0;

int Option(string name, int otherwise)
{
    var at = Array.IndexOf(args, name);
    return at > 0 && at + 1 < args.Length ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;
}
