using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Domain.Media;

namespace Platform.Media.Probing;

/// <summary>
/// Asks <c>ffprobe</c>, where it is installed, about one local file. It is a large parser in C, so it gets as little as it can
/// work with: one demuxer, one file, no network, an empty environment, and bounds on memory, processor, time and output.
/// </summary>
internal sealed partial class Ffprobe : ISecondOpinion
{
    private const long MaxAddressSpaceBytes = 1L << 30;
    private const int MaxCpuSeconds = 10;
    private const int MaxOutputChars = 64 * 1024;

    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(10);

    private readonly string? _program;
    private readonly string? _limiter;
    private readonly TimeProvider _time;
    private readonly ILogger<Ffprobe> _logger;

    public Ffprobe(IOptions<MediaOptions> options, TimeProvider time, ILogger<Ffprobe> logger)
    {
        _program = options.Value.FfprobePath switch
        {
            null => FindInPath("ffprobe"),
            "" => null,
            var path => Path.GetFullPath(path),
        };
        _limiter = FindInPath("prlimit");
        _time = time;
        _logger = logger;
    }

    /// <summary>Whether there is a program to ask.</summary>
    public bool IsInstalled => _program is not null;

    /// <inheritdoc/>
    public async Task<MediaInfo?> AskAsync(string path, MediaFormat format, CancellationToken cancellationToken)
    {
        if (_program is null)
        {
            return null;
        }

        using var timeLimit = new CancellationTokenSource(TimeLimit, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeLimit.Token, cancellationToken);
        try
        {
            return await RunAsync(_program, path, linked.Token) is { } answer ? FfprobeAnswer.Read(answer, format) : null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            LogTimedOut(TimeLimit);
            return null;
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            LogNotRun(e);
            return null;
        }
    }

    private static string? FindInPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Where(Path.IsPathRooted)
        .Select(directory => Path.Combine(directory, OperatingSystem.IsWindows() ? program + ".exe" : program))
        .FirstOrDefault(File.Exists);

    private async Task<string?> RunAsync(string program, string path, CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = Command(program, path) };
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

    private ProcessStartInfo Command(string program, string path)
    {
        var start = new ProcessStartInfo
        {
            FileName = _limiter ?? program,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        if (_limiter is not null)
        {
            start.ArgumentList.Add(string.Create(CultureInfo.InvariantCulture, $"--as={MaxAddressSpaceBytes}"));
            start.ArgumentList.Add(string.Create(CultureInfo.InvariantCulture, $"--cpu={MaxCpuSeconds}"));
            start.ArgumentList.Add("--");
            start.ArgumentList.Add(program);
        }

        string[] arguments =
        [
            "-v", "error",
            "-protocol_whitelist", "file",
            "-f", "mov",
            "-show_entries", "stream=codec_type,width,height,duration:stream_side_data=rotation:format=duration",
            "-of", "json",
            "file:" + path,
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    [LoggerMessage(LogLevel.Warning, "ffprobe did not answer within {Limit}.")]
    private partial void LogTimedOut(TimeSpan limit);

    [LoggerMessage(LogLevel.Warning, "ffprobe could not be run.")]
    private partial void LogNotRun(Exception exception);
}
