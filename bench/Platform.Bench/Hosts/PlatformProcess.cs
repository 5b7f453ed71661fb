using System.Diagnostics;

namespace Platform.Bench.Hosts;

/// <summary>The real host, started as <c>./run</c> starts it, on a data folder of its own.</summary>
internal sealed class PlatformProcess : IDisposable
{
    public const string AdminKey = "adm-of-the-bench-only";
    public const string DemoKey = "sk-of-the-bench-only-0000000000000";

    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);

    private readonly ChildProcess _process;

    private PlatformProcess(ChildProcess process, int port, string folder)
    {
        _process = process;
        Port = port;
        Database = Path.Combine(folder, "platform.db");
        Client = new() { BaseAddress = new($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(30) };
    }

    public int Port { get; }

    public int Id => _process.Id;

    public string Database { get; }

    public HttpClient Client { get; }

    /// <summary>Starts it and returns at once.</summary>
    /// <param name="folder">Its data.</param>
    /// <param name="sandboxLatency">How long the sandbox pretends to think before it renders.</param>
    /// <param name="demo">Whether it makes its demo tenant, as it does by default.</param>
    /// <param name="postgres">The database that it keeps everything in; null for SQLite in the folder.</param>
    public static PlatformProcess Launch(string folder, TimeSpan sandboxLatency, bool demo, string? postgres = null)
    {
        var port = ChildProcess.FreePort();
        return new(
            ChildProcess.Start(Repository.Host, [], new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Platform__Storage"] = postgres is null ? "sqlite" : "postgres",
                ["ConnectionStrings__Platform"] = postgres ?? string.Empty,

                ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}",

                // The same after a restart on another port: links in stored requests stay the platform's own.
                ["Platform__PublicUrl"] = "http://127.0.0.1:8080",
                ["Platform__DataDirectory"] = folder,
                ["Platform__AdminKey"] = AdminKey,
                ["Platform__Demo__Enabled"] = demo ? "true" : "false",
                ["Platform__Demo__ApiKey"] = DemoKey,
                ["Platform__Sandbox__Enabled"] = "true",
                ["Platform__Sandbox__Everyone"] = "true",
                ["Platform__Sandbox__Latency"] = sandboxLatency.ToString("c"),

                // One task per tenant goes as far as the sandbox, which thinks for longer than the run lasts; all others wait in
                // the tenant's queue. An accept costs the same, and no ffmpeg competes for the processors.
                ["Platform__Limits__Default__TasksInFlight"] = "1",
                ["Platform__Limits__Default__QueueLength"] = "1000000",
                ["Platform__Silo__Port"] = ChildProcess.FreePort().ToString(),
                ["Platform__Silo__GatewayPort"] = ChildProcess.FreePort().ToString(),
            }),
            port,
            folder);
    }

    /// <summary>Starts it and waits until it is ready.</summary>
    public static async Task<PlatformProcess> StartAsync(string folder, TimeSpan sandboxLatency, string? postgres = null)
    {
        var process = Launch(folder, sandboxLatency, demo: false, postgres);
        await process.WaitUntilReadyAsync();
        return process;
    }

    /// <summary>Waits until it is ready.</summary>
    /// <exception cref="TimeoutException">It is not after a minute, or has ended.</exception>
    public async Task WaitUntilReadyAsync()
    {
        var since = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(since) < StartPatience && !_process.HasExited)
        {
            try
            {
                using var answer = await Client.GetAsync("/health/ready");
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }

        throw new TimeoutException("The host did not become ready.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Client.Dispose();
        _process.Dispose();
    }
}
