using System.Globalization;
using Platform.Domain.Tasks;

namespace Platform.Upstreams.Sandbox;

/// <summary>How the sandbox was told to refuse a submit.</summary>
internal enum SandboxRefusal
{
    /// <summary>No place just now.</summary>
    Busy = 1,

    /// <summary>Not by this account; another may.</summary>
    Here = 2,

    /// <summary>The account is dead.</summary>
    Account = 3,

    /// <summary>Content policy; final.</summary>
    Policy = 4,
}

/// <summary>What reading the instructions of a prompt gave.</summary>
internal abstract record SandboxScriptReading
{
    private SandboxScriptReading()
    {
    }

    /// <summary>Every instruction was understood; there may be none.</summary>
    internal sealed record Understood(SandboxScript Script) : SandboxScriptReading;

    /// <summary>An instruction is unknown, malformed, or contradicts another.</summary>
    /// <param name="Message">What is wrong, and what is allowed.</param>
    internal sealed record Invalid(string Message) : SandboxScriptReading;
}

/// <summary>
/// The instructions in a prompt, each written <c>[sandbox:…]</c>; docs/sandbox.md has the table. All other text means nothing to
/// the sandbox, also a <c>[sandbox:</c> that no bracket closes.
/// </summary>
internal sealed record SandboxScript
{
    /// <summary>The allowed instructions, for the message that refuses another.</summary>
    internal const string Allowed =
        "fail=CODE, refuse=busy|here|policy, hang, late=SECONDSs (0.1s to 60m), short=SECONDS (0.1 to 30), unclear, no-content";

    private const string Opening = "[sandbox:";

    /// <summary>The job fails with this code instead of being rendered.</summary>
    internal TaskErrorCode? Fail { get; init; }

    /// <summary>The submit is refused, and no job made.</summary>
    internal SandboxRefusal? Refuse { get; init; }

    /// <summary>The job never ends.</summary>
    internal bool Hang { get; init; }

    /// <summary>How much later than usual the job is rendered.</summary>
    internal TimeSpan? Late { get; init; }

    /// <summary>The output is at most this many seconds long.</summary>
    internal decimal? ShortSeconds { get; init; }

    /// <summary>The job is made, but the submit's answer says that nobody knows.</summary>
    internal bool Unclear { get; init; }

    /// <summary>Reads the instructions of a prompt, in one pass whatever its size.</summary>
    /// <param name="prompt">The prompt; null is an empty one.</param>
    /// <param name="allowAccountRefusal">Whether <c>refuse=account</c> is understood.</param>
    internal static SandboxScriptReading Read(string? prompt, bool allowAccountRefusal)
    {
        var script = new SandboxScript();
        var rest = prompt.AsSpan();
        while (true)
        {
            var start = rest.IndexOf(Opening, StringComparison.OrdinalIgnoreCase);
            if (start < 0)
            {
                break;
            }

            rest = rest[(start + Opening.Length)..];
            var length = rest.IndexOf(']');
            if (length < 0)
            {
                break;
            }

            var instruction = rest[..length].Trim();
            rest = rest[(length + 1)..];
            if (script.With(instruction, allowAccountRefusal) is not { } next)
            {
                return Invalid($"The sandbox does not understand '{Shorten(instruction)}', or it was said before.");
            }

            script = next;
        }

        var ends = (script.Fail is null ? 0 : 1) + (script.Refuse is null ? 0 : 1) + (script.Hang ? 1 : 0);
        return ends > 1
            ? Invalid("Only one of fail, no-content, refuse and hang can happen to a job.")
            : new SandboxScriptReading.Understood(script);
    }

    /// <summary>This script with one more instruction; null where it is not understood, or set already.</summary>
    private SandboxScript? With(ReadOnlySpan<char> instruction, bool allowAccountRefusal)
    {
        var equals = instruction.IndexOf('=');
        var name = (equals < 0 ? instruction : instruction[..equals]).Trim();
        var value = equals < 0 ? null : instruction[(equals + 1)..].Trim().ToString();
        return (Lower(name), value) switch
        {
            ("fail", not null) when Fail is null && FailCode(value) is { } code => this with { Fail = code },
            ("no-content", null) when Fail is null => this with { Fail = TaskErrorCode.GenerationFailedNoContent },
            ("refuse", not null) when Refuse is null && Refusal(value, allowAccountRefusal) is { } refusal => this with { Refuse = refusal },
            ("hang", null) when !Hang => this with { Hang = true },
            ("unclear", null) when !Unclear => this with { Unclear = true },
            ("late", not null) when Late is null && Delay(value) is { } late => this with { Late = late },
            ("short", not null) when ShortSeconds is null && Number(value) is >= 0.1m and <= 30m and var seconds => this with { ShortSeconds = seconds },
            _ => null,
        };
    }

    // A cancellation is the caller's doing, so the sandbox cannot fail with it.
    private static TaskErrorCode? FailCode(string value) =>
        TaskErrorCodes.Parse(Lower(value)) is { } code and not TaskErrorCode.RequestCancelled ? code : null;

    private static SandboxRefusal? Refusal(string value, bool allowAccountRefusal) => Lower(value) switch
    {
        "busy" => SandboxRefusal.Busy,
        "here" => SandboxRefusal.Here,
        "policy" => SandboxRefusal.Policy,
        "account" when allowAccountRefusal => SandboxRefusal.Account,
        _ => null,
    };

    private static TimeSpan? Delay(string value)
    {
        var unit = Lower(value.AsSpan()[^Math.Min(1, value.Length)..]) switch
        {
            "s" => 1m,
            "m" => 60m,
            _ => 0m,
        };
        if (unit == 0m || Number(value[..^1]) is not { } number)
        {
            return null;
        }

        var seconds = number * unit;
        return seconds >= 0.1m && seconds <= (decimal)SandboxOptions.MaxLate.TotalSeconds
            ? TimeSpan.FromMilliseconds((double)decimal.Round(seconds * 1000m))
            : null;
    }

    // Bounded in length, so that a product of two numbers cannot overflow.
    private static decimal? Number(string value) =>
        value.Length is > 0 and <= 10 && decimal.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static SandboxScriptReading.Invalid Invalid(string what) => new($"{what} Allowed inside [sandbox:…] are: {Allowed}.");

    private static string Shorten(ReadOnlySpan<char> text) => text.Length <= 40 ? text.ToString() : string.Concat(text[..40], "…");

    // An instruction longer than the longest known one is unknown, and not worth copying.
    private static string Lower(ReadOnlySpan<char> text) => text.Length > 40 ? "" : text.ToString().ToLowerInvariant();
}
