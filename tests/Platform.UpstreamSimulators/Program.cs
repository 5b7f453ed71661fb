using System.Globalization;
using Platform.UpstreamSimulators;
using Platform.UpstreamSimulators.Fal;
using Platform.UpstreamSimulators.Kling;
using Platform.UpstreamSimulators.PlatformApi;
using Platform.UpstreamSimulators.Replicate;

// A simulator in a process of its own: `Platform.UpstreamSimulators KIND [PORT] [SECONDS A JOB TAKES]`. Prints where it listens, and runs until
// its input ends.
var options = new SimulatorOptions
{
    Port = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 0,
    JobTime = TimeSpan.FromSeconds(args.Length > 2 ? double.Parse(args[2], CultureInfo.InvariantCulture) : 2),
};
await using UpstreamSimulator simulator = args.FirstOrDefault() switch
{
    "kling" => new KlingSimulator(options, TimeProvider.System),
    "fal" => new FalSimulator(options, TimeProvider.System),
    "replicate" => new ReplicateSimulator(options, TimeProvider.System),
    "platform" => new PlatformSimulator(options, TimeProvider.System),
    _ => throw new NotSupportedException("The kind must be kling, fal, replicate or platform."),
};
await simulator.StartAsync();
Console.WriteLine(simulator.BaseUrl);
while (await Console.In.ReadLineAsync() is not null)
{
    // Nothing is said to it; its end is the sign to stop.
}
