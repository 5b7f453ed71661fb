using Microsoft.Extensions.Options;
using Orleans.Runtime;
using Platform.Domain;
using Platform.Grains.Contracts;

namespace Platform.Api;

/// <summary>
/// Calls grains with commands that may safely be repeated: a silo that has just died refuses the calls to its grains for some ten
/// seconds, until the others vote it out, and one that hangs does not answer at all. So they are sent again meanwhile; whichever call
/// is answered first answers the caller.
/// </summary>
internal sealed class GrainCalls(IGrainFactory grains, TimeProvider time, IOptions<ApiOptions> options)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    // A call that is not answered by then is sent once more: its grain may live elsewhere by now.
    private static readonly TimeSpan RepeatAfter = TimeSpan.FromSeconds(5);

    /// <summary>Calls a grain until it answers.</summary>
    /// <exception cref="GrainUnreachableException">It did not within <see cref="ApiOptions.CommandPatience"/>: nobody knows what became of the command.</exception>
    public async Task<TReply> CallAsync<TGrain, TReply>(string key, Func<TGrain, Task<TReply>> command)
        where TGrain : IGrainWithStringKey
    {
        var started = time.GetTimestamp();
        var open = new List<Task<TReply>> { command(grains.GetGrain<TGrain>(key)) };
        while (true)
        {
            var left = options.Value.CommandPatience - time.GetElapsedTime(started);
            Exception? trouble = null;
            try
            {
                var first = await Task.WhenAny(open).WaitAsync(left < RepeatAfter ? left : RepeatAfter, time);
                open.Remove(first);
                return await first;
            }
            catch (Exception error) when (IsPassing(error))
            {
                trouble = error;
            }

            left = options.Value.CommandPatience - time.GetElapsedTime(started);
            if (left <= Pause)
            {
                Abandon(open);
                throw new GrainUnreachableException($"{typeof(TGrain).Name} did not answer.", trouble);
            }

            if (trouble is not TimeoutException)
            {
                await Task.Delay(Pause, time);
            }

            open.Add(command(grains.GetGrain<TGrain>(key)));
        }
    }

    // The store may be away, and comes back.
    private static bool IsPassing(Exception error) =>
        error is AccountUnavailableException or OrleansMessageRejectionException or SiloUnavailableException or TimeoutException
            or ClientNotAvailableException or StoreException;

    // What becomes of them nobody waits for.
    private static void Abandon<TReply>(List<Task<TReply>> calls)
    {
        foreach (var call in calls)
        {
            _ = call.ContinueWith(
                static c => _ = c.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }
    }
}

/// <summary>A command's outcome is not known: its grain could not be reached.</summary>
internal sealed class GrainUnreachableException(string message, Exception inner) : Exception(message, inner);
