using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Platform.Bench.Hosts;

/// <summary>A program of ours that runs beside the bench, and ends with it.</summary>
internal sealed class ChildProcess : IDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(20);

    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public StreamReader Output => _process.StandardOutput;

    public StreamWriter Input => _process.StandardInput;

    /// <summary>Starts <c>dotnet PROGRAM ARGUMENTS</c>.</summary>
    public static ChildProcess Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = Repository.Root,
        };
        start.ArgumentList.Add(program);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new(Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start."));
    }

    /// <summary>A port of 127.0.0.1 that nobody listens on.</summary>
    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>Sends one line, and reads the line that answers it.</summary>
    public async Task<string> AskAsync(string line)
    {
        await Input.WriteLineAsync(line);
        await Input.FlushAsync();
        return await Output.ReadLineAsync() ?? throw new InvalidOperationException($"A baseline ended before it answered '{line}'.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            // SIGTERM, for a clean end; what does not heed it is killed.
            using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString()]);
            kill.WaitForExit();
            if (!_process.WaitForExit(StopPatience))
            {
                _process.Kill();
                _process.WaitForExit();
            }
        }

        _process.Dispose();
    }
}
