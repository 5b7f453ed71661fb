using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;

namespace Platform.Upstreams.Tests.Sandbox.Fakes;

/// <summary>Waits for a state, with a deadline that only a defect reaches.</summary>
internal static class Wait
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    public static async Task UntilAsync(string what, Func<bool> reached)
    {
        var waited = Stopwatch.StartNew();
        while (!reached())
        {
            (waited.Elapsed < Deadline).Should().BeTrue("{0} must be reached within {1}", what, Deadline);
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    public static async Task UntilAsync(string what, Func<Task<bool>> reached)
    {
        var waited = Stopwatch.StartNew();
        while (!await reached())
        {
            (waited.Elapsed < Deadline).Should().BeTrue("{0} must be reached within {1}", what, Deadline);
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    /// <summary>Lets time pass in small steps until a state is reached.</summary>
    public static Task WhileTimePassesAsync(FakeTimeProvider clock, TimeSpan step, string what, Func<Task<bool>> reached) => UntilAsync(what, async () =>
    {
        if (await reached())
        {
            return true;
        }

        clock.Advance(step);
        return false;
    });
}
