using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Platform.Upstreams.Sandbox.Rendering;

/// <summary>How a run of ffmpeg ended.</summary>
internal abstract record FfmpegRun
{
    private FfmpegRun()
    {
    }

    /// <summary>It ended by itself, or by a limit of the system.</summary>
    /// <param name="ExitCode">0 for success.</param>
    internal sealed record Ended(int ExitCode) : FfmpegRun;

    /// <summary>It took too long and was killed.</summary>
    internal sealed record TimedOut : FfmpegRun;

    /// <summary>It is not installed, or could not be started.</summary>
    internal sealed record NotStarted : FfmpegRun;
}

/// <summary>
/// Runs ffmpeg on files of strangers: without a standard input, with an environment of nothing but <c>PATH</c>, in a folder of
/// its own, at low priority, with bounded time, memory and file size, and killed when nobody waits for it any more.
/// </summary>
internal sealed partial class Ffmpeg(RenderPrograms programs, TimeProvider clock, IOptions<SandboxOptions> options, ILogger<Ffmpeg> logger)
{
    private const int ErrorTail = 2048;

    /// <summary>Runs ffmpeg to its end.</summary>
    /// <exception cref="OperationCanceledException">The token ended it; the process is dead.</exception>
    internal async Task<FfmpegRun> RunAsync(IReadOnlyList<string> arguments, string folder, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var process = Start(arguments, folder);
        if (process is null)
        {
            return new FfmpegRun.NotStarted();
        }

        process.StandardInput.Close();
        var output = TailAsync(process.StandardOutput.BaseStream);
        var errors = TailAsync(process.StandardError.BaseStream);
        using var timeout = new CancellationTokenSource(options.Value.RenderTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await process.WaitForExitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
            LogTimedOut(options.Value.RenderTimeout);
            return new FfmpegRun.TimedOut();
        }

        await output;
        if (process.ExitCode != 0)
        {
            LogFailed(process.ExitCode, await errors);
        }

        return new FfmpegRun.Ended(process.ExitCode);
    }

    private Process? Start(IReadOnlyList<string> arguments, string folder)
    {
        if (programs.Ffmpeg is not { } ffmpeg)
        {
            LogNotInstalled();
            return null;
        }

        // Each of the first two replaces itself by what follows it, so that one process stays, and it is ffmpeg.
        List<string> command = [];
        if (RenderPrograms.Nice is { } nice)
        {
            command.AddRange([nice, "-n", "10"]);
        }

        if (RenderPrograms.Prlimit is { } prlimit)
        {
            command.AddRange([
                prlimit,
                Invariant($"--cpu={(long)Math.Ceiling(options.Value.MaxProcessorTime.TotalSeconds)}"),
                Invariant($"--as={options.Value.MaxMemoryBytes}"),
                Invariant($"--fsize={options.Value.MaxOutputBytes}"),
                "--core=0",
                "--"]);
        }

        command.Add(ffmpeg);
        command.AddRange(arguments);
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = RenderPrograms.SearchPath;
        try
        {
            return Process.Start(start);
        }
        catch (Win32Exception exception)
        {
            LogNotStarted(exception);
            return null;
        }
    }

    /// <summary>Reads a stream to its end and keeps the last of it, without control characters.</summary>
    private static async Task<string> TailAsync(Stream stream)
    {
        var tail = new byte[2 * ErrorTail];
        var kept = 0;
        int read;
        while ((read = await stream.ReadAsync(tail.AsMemory(kept))) > 0)
        {
            kept += read;
            if (kept > ErrorTail)
            {
                tail.AsSpan(kept - ErrorTail, ErrorTail).CopyTo(tail);
                kept = ErrorTail;
            }
        }

        return string.Concat(Encoding.UTF8.GetString(tail, 0, kept).Select(c => char.IsControl(c) ? ' ' : c)).Trim();
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
