using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Platform.Media.Probing;

/// <summary>
/// Runs a large parser in C on a stranger's file. It gets as little as it can work with: no standard input, an empty environment, and
/// bounds on memory, processor, time and output; where nobody waits for it any more, it is killed.
/// </summary>
/// <param name="program">Absolute path of the program.</param>
/// <param name="timeLimit">Longest run.</param>
/// <param name="time">The clock of the limit.</param>
internal sealed class LimitedProgram(string program, TimeSpan timeLimit, TimeProvider time)
{
    private const long MaxAddressSpaceBytes = 1L << 30;
    private const int MaxOutputChars = 64 * 1024;

    private static readonly string? Limiter = FindInPath("prlimit");
    private static readonly string? Nice = FindInPath("nice");

    /// <summary>Looks a program up in <c>PATH</c>; null where it is not installed.</summary>
    public static string? FindInPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Where(Path.IsPathRooted)
        .Select(directory => Path.Combine(directory, OperatingSystem.IsWindows() ? program + ".exe" : program))
        .FirstOrDefault(File.Exists);

    /// <summary>Runs it and returns what it printed; null where it failed or printed too much.</summary>
    /// <exception cref="TimeoutException">It took too long and was killed.</exception>
    /// <exception cref="Win32Exception">It could not be started.</exception>
    /// <exception cref="OperationCanceledException">The token ended it; it was killed.</exception>
    public async Task<string?> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await RunToEndAsync(arguments, either.Token);
        }
        catch (OperationCanceledException killed) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{Path.GetFileName(program)} did not end within {timeLimit}.", killed);
        }
    }

    private async Task<string?> RunToEndAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = Command(arguments) };
        process.Start();
        process.StandardInput.Close();
        try
        {
            // Its complaints are drained and dropped: they hold names of local files.
            var complaints = process.StandardError.BaseStream.CopyToAsync(Stream.Null, cancellationToken);
            var buffer = new char[MaxOutputChars];
            var length = await process.StandardOutput.ReadBlockAsync(buffer, cancellationToken);
            if (length == MaxOutputChars)
            {
                return null;
            }

            await complaints;
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 ? new string(buffer, 0, length) : null;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private ProcessStartInfo Command(IEnumerable<string> arguments)
    {
        // Each of the first two replaces itself by what follows it, so that one process stays, and it is the program.
        List<string> command = [];
        if (Nice is not null)
        {
            command.AddRange([Nice, "-n", "10"]);
        }

        if (Limiter is not null)
        {
            command.AddRange(
            [
                Limiter,
                string.Create(CultureInfo.InvariantCulture, $"--as={MaxAddressSpaceBytes}"),
                string.Create(CultureInfo.InvariantCulture, $"--cpu={(long)Math.Ceiling(timeLimit.TotalSeconds)}"),
                "--core=0",
                "--",
            ]);
        }

        var start = new ProcessStartInfo
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        command.Add(program);
        command.AddRange(arguments);
        start.FileName = command[0];
        foreach (var argument in command.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }
}
