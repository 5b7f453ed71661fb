using System.Diagnostics;

namespace Platform.Postgres;

/// <summary>Runs programs as a user that the server accepts: it refuses root, so root becomes <c>postgres</c>.</summary>
internal static class ServerUser
{
    private const string Name = "postgres";

    private static readonly bool Switch = Environment.IsPrivilegedProcess;

    /// <summary>Gives the user a folder of ours.</summary>
    public static async Task OwnAsync(string folder)
    {
        if (Switch)
        {
            await RunAsync(new ProcessStartInfo("chown"), Name, folder);
        }
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message has what it said.</exception>
    public static Task RunAsync(string program, params string[] arguments) => RunAsync(As(program), arguments);

    /// <summary>Starts a program whose input is ours to end.</summary>
    public static Process Start(string program, params string[] arguments)
    {
        var start = As(program);
        start.RedirectStandardInput = true;
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    private static ProcessStartInfo As(string program) =>
        Switch ? new("runuser", ["-u", Name, "--", program]) : new ProcessStartInfo(program);

    private static async Task RunAsync(ProcessStartInfo start, params string[] arguments)
    {
        // What the user may not enter would be warned of.
        start.WorkingDirectory = "/";
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{start.FileName} {string.Join(' ', start.ArgumentList)} failed: {string.Concat(said)}");
        }
    }
}
