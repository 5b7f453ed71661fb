using System.Diagnostics;

namespace Platform.EndToEnd.Tests.Running;

/// <summary>Waits for a state, with a deadline that only a defect reaches, even on a busy machine.</summary>
internal static class Wait
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);

    /// <summary>Looks until there is something to see, and returns it.</summary>
    public static async Task<T> ForAsync<T>(string what, Func<Task<T?>> look, TimeSpan? between = null)
        where T : class
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            if (await look() is { } seen)
            {
                return seen;
            }

            (waited.Elapsed < Deadline).Should().BeTrue("{0} must be reached within {1}", what, Deadline);
            await Task.Delay(between ?? Between, TimeProvider.System);
        }
    }

    /// <summary>Looks until a state is reached.</summary>
    public static Task UntilAsync(string what, Func<Task<bool>> reached, TimeSpan? between = null) =>
        ForAsync(what, async () => await reached() ? "reached" : null, between);
}
