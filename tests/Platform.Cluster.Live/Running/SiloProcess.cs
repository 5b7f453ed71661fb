using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Platform.EndToEnd.Tests.Running;

namespace Platform.Cluster.Live.Running;

/// <summary>How a process ended.</summary>
internal sealed record Death(int ExitCode)
{
    /// <summary>By SIGKILL.</summary>
    public const int Killed = 128 + 9;
}

/// <summary>
/// One process of the cluster: the real program, with ports and folder that it keeps over restarts. It can be killed, stopped, told to end,
/// or told to kill itself at a place between two steps.
/// </summary>
internal sealed partial class SiloProcess : IAsyncDisposable
{
    private const int KeptLogLines = 400;

    private readonly Queue<string> _log = new();
    private readonly Dictionary<string, string> _settings;
    private readonly string _folder;
    private Process? _process;

    /// <param name="name">Its name.</param>
    /// <param name="folder">A folder of its own.</param>
    /// <param name="settings">Settings of all processes, as environment variables.</param>
    /// <param name="role">What it does.</param>
    public SiloProcess(string name, string folder, IReadOnlyDictionary<string, string> settings, string role = "all")
    {
        Name = name;
        Url = $"http://127.0.0.1:{Ports.Take()}";
        Port = Ports.Take();
        _folder = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        Http = new() { BaseAddress = new(Url), Timeout = TimeSpan.FromSeconds(60) };
        _settings = new(settings, StringComparer.Ordinal)
        {
            ["ASPNETCORE_URLS"] = Url,
            ["Platform__Role"] = role,
            ["Platform__Silo__Port"] = Port.ToString(CultureInfo.InvariantCulture),
            ["Platform__Silo__GatewayPort"] = Ports.Take().ToString(CultureInfo.InvariantCulture),
            ["Platform__Metrics__Port"] = Ports.Take().ToString(CultureInfo.InvariantCulture),
            ["Platform__Faults__KillFile"] = KillFile,
            ["POD_NAME"] = name,
            ["TMPDIR"] = _folder,
        };
    }

    public string Name { get; }

    /// <summary>Where it listens.</summary>
    public string Url { get; }

    /// <summary>The port between silos, by which the table of silos names it.</summary>
    public int Port { get; }

    /// <summary>A client of this process alone.</summary>
    public HttpClient Http { get; }

    public bool IsAlive => _process is { HasExited: false };

    /// <summary>The last lines that it printed.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return string.Join('\n', _log);
            }
        }
    }

    private string KillFile => Path.Combine(_folder, "kill");

    private static string HostPath
    {
        get
        {
            // …/bin/Release/net10.0, here as there.
            var output = new DirectoryInfo(AppContext.BaseDirectory);
            return Path.Combine(Programs.Repository, "src", "Platform.Host", "bin", output.Parent!.Name, output.Name, "Platform.Host.dll");
        }
    }

    /// <summary>Runs the program to its end: the migration, a verb.</summary>
    public static Task<Programs.Ended> RunAsync(string folder, IReadOnlyDictionary<string, string> settings, params string[] arguments) =>
        Programs.RunAsync("dotnet", [HostPath, .. arguments], folder, settings);

    /// <summary>Starts it; returns at once.</summary>
    public void Start()
    {
        File.Delete(KillFile);
        var start = new ProcessStartInfo("dotnet", [HostPath])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = _folder,
        };
        foreach (var (name, value) in _settings)
        {
            start.Environment[name] = value;
        }

        _process?.Dispose();
        var process = _process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.ErrorDataReceived += (_, line) => Append(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Waits until it serves; where it dies before that, it is started again, as whatever watches over it would.</summary>
    public Task ReadyAsync() => Wait.UntilAsync($"readiness of {Name}", async () =>
    {
        if (!IsAlive)
        {
            Start();
        }

        return await IsReadyAsync();
    });

    /// <summary>Whether it says that it is ready.</summary>
    public async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await Http.GetAsync("/health/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    /// <summary>Kills it as by <c>kill -9</c>, and waits until it is dead.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await DeathAsync();
    }

    /// <summary>Lets it kill itself when it next reaches a place.</summary>
    public Task ArmAsync(string point) => File.WriteAllTextAsync(KillFile, point);

    /// <summary>Asks it to end.</summary>
    public void Terminate() => Signal(Signals.Term);

    /// <summary>Takes all processor time from it.</summary>
    public void Stop() => Signal(Signals.Stop);

    /// <summary>Gives it processor time again.</summary>
    public void Continue() => Signal(Signals.Continue);

    /// <summary>Waits until it is dead.</summary>
    public async Task<Death> DeathAsync()
    {
        using var patience = new CancellationTokenSource(Wait.Deadline, TimeProvider.System);
        try
        {
            await _process!.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException slow)
        {
            throw new TimeoutException($"{Name} must end within {Wait.Deadline}; it said: {Log}", slow);
        }

        return new(_process.ExitCode);
    }

    /// <summary>Whether it dies within a time.</summary>
    public async Task<bool> DiesWithinAsync(TimeSpan time)
    {
        using var patience = new CancellationTokenSource(time, TimeProvider.System);
        try
        {
            await _process!.WaitForExitAsync(patience.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_process is { } process)
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync();
            }

            process.Dispose();
        }
    }

    private void Signal(int signal)
    {
        if (NativeMethods.Kill(_process!.Id, signal) != 0)
        {
            throw new InvalidOperationException($"{Name} does not take signal {signal}: errno {Marshal.GetLastPInvokeError()}.");
        }
    }

    private void Append(string? line)
    {
        lock (_log)
        {
            _log.Enqueue(line ?? "");
            if (_log.Count > KeptLogLines)
            {
                _log.Dequeue();
            }
        }
    }

    private static class Signals
    {
        public const int Term = 15;
        public const int Continue = 18;
        public const int Stop = 19;
    }

    private static partial class NativeMethods
    {
        [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static partial int Kill(int process, int signal);
    }
}
