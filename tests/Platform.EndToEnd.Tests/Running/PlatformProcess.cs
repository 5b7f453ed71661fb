using System.Diagnostics;
using System.Text;

namespace Platform.EndToEnd.Tests.Running;

/// <summary>
/// The real program as a process of its own, on a data folder and ports that it keeps over restarts, as an installation does: links
/// that it has given out name its address.
/// </summary>
public sealed class PlatformProcess : IAsyncDisposable
{
    /// <summary>Key of the demo tenant.</summary>
    public const string DemoKey = "sk-demo-of-the-end-to-end-tests";

    private const int KilledExitCode = 128 + 9;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("platform-e2e-");
    private readonly StringBuilder _log = new();
    private readonly Dictionary<string, string> _settings;
    private readonly HttpClient _http;
    private Process? _process;

    /// <param name="settings">Settings besides those that every test needs, as environment variables.</param>
    public PlatformProcess(params (string Name, string Value)[] settings)
    {
        Url = $"http://127.0.0.1:{Ports.Take()}";
        _http = new() { BaseAddress = new(Url), Timeout = Wait.Deadline };
        _settings = new(StringComparer.Ordinal)
        {
            ["ASPNETCORE_URLS"] = Url,
            ["Platform__DataDirectory"] = Path.Combine(_folder.FullName, "data"),
            ["Platform__Silo__Port"] = $"{Ports.Take()}",
            ["Platform__Silo__GatewayPort"] = $"{Ports.Take()}",
            ["Platform__Metrics__Port"] = $"{Ports.Take()}",
            ["Platform__Demo__ApiKey"] = DemoKey,
            ["Platform__Sandbox__Latency"] = "00:00:00.2",
            // Renders leave their files here when their process is killed.
            ["TMPDIR"] = _folder.FullName,
        };
        foreach (var (name, value) in settings)
        {
            _settings[name] = value;
        }
    }

    /// <summary>Where it listens.</summary>
    public string Url { get; }

    /// <summary>A folder that goes with this object.</summary>
    public string Folder => _folder.FullName;

    /// <summary>What is in its database.</summary>
    internal Books Books => new(Path.Combine(_folder.FullName, "data", "platform.db"));

    /// <summary>Everything that it has printed.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    private static string HostPath
    {
        get
        {
            // …/bin/Release/net10.0, here as there.
            var output = new DirectoryInfo(AppContext.BaseDirectory);
            return Path.Combine(Programs.Repository, "src", "Platform.Host", "bin", output.Parent!.Name, output.Name, "Platform.Host.dll");
        }
    }

    /// <summary>Starts it on what its predecessor left, and waits until it is ready.</summary>
    public async Task StartAsync(params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [HostPath])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = _folder.FullName,
        };
        foreach (var (name, value) in _settings)
        {
            start.Environment[name] = value;
        }

        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        _process?.Dispose();
        var process = _process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.ErrorDataReceived += (_, line) => Append(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Wait.UntilAsync("readiness", async () =>
        {
            process.HasExited.Should().BeFalse("it must start; it said: {0}", Log);
            try
            {
                using var answer = await _http.GetAsync("/health/ready");
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
    }

    /// <summary>Kills it as by <c>kill -9</c>, and waits until it is dead.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await DeathAsync();
    }

    /// <summary>Waits until it has been killed.</summary>
    public async Task DeathAsync()
    {
        using var patience = new CancellationTokenSource(Wait.Deadline, TimeProvider.System);
        await _process!.WaitForExitAsync(patience.Token);
        _process.ExitCode.Should().Be(KilledExitCode);
    }

    /// <summary>Runs a verb on its data: <c>verify</c>, <c>task ID</c>.</summary>
    internal Task<Programs.Ended> RunVerbAsync(params string[] verb) =>
        Programs.RunAsync("dotnet", [HostPath, .. verb], _folder.FullName, _settings);

    /// <summary>Recounts the books; they must be clean.</summary>
    public async Task VerifyAsync()
    {
        var verified = await RunVerbAsync("verify");
        verified.Output.Should().StartWith("clean:");
        verified.ExitCode.Should().Be(0);
    }

    /// <summary>Somebody with a key, or without one.</summary>
    internal Caller Caller(string? key = DemoKey) => new(_http, key);

    /// <summary>Brings in a tenant with a key and credits.</summary>
    internal async Task<Caller> NewTenantAsync(string credits)
    {
        var admin = Caller(await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "data", "secrets", "admin-key")));
        var tenant = (await admin.PostAsync("/admin/v1/tenants", """{"name":"A tenant of the tests"}""")).Ok().Text("id");
        var secret = (await admin.PostAsync($"/admin/v1/tenants/{tenant}/api-keys", """{"name":"A key"}""")).Ok().Text("secret");
        (await admin.PostAsync($"/admin/v1/tenants/{tenant}/grants", $$"""{"credits":{{credits}},"note":"For a test"}""")).Ok();
        return Caller(secret);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_process is { } process)
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync();
            }

            process.Dispose();
        }

        // A render of a killed process may go on for a moment, and write while its folder is emptied.
        await Wait.UntilAsync("an empty folder", () =>
        {
            try
            {
                _folder.Delete(recursive: true);
                return Task.FromResult(true);
            }
            catch (IOException)
            {
                return Task.FromResult(false);
            }
        });
    }

    private void Append(string? line)
    {
        lock (_log)
        {
            _log.AppendLine(line);
        }
    }
}
