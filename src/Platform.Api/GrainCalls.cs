using Microsoft.Extensions.Options;
using Orleans.Runtime;
using Platform.Grains.Contracts;

namespace Platform.Api;

/// <summary>
/// Calls grains with commands that may safely be repeated: a silo that has just died refuses the calls to its grains for some ten
/// seconds, until the others vote it out, so they are tried again meanwhile.
/// </summary>
internal sealed class GrainCalls(IGrainFactory grains, TimeProvider time, IOptions<ApiOptions> options)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Calls a grain until it answers.</summary>
    /// <exception cref="GrainUnreachableException">It did not within <see cref="ApiOptions.CommandPatience"/>: nobody knows what became of the command.</exception>
    public async Task<TReply> CallAsync<TGrain, TReply>(string key, Func<TGrain, Task<TReply>> command)
        where TGrain : IGrainWithStringKey
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await command(grains.GetGrain<TGrain>(key)).WaitAsync(options.Value.CommandPatience, time);
            }
            catch (Exception error) when (IsPassing(error))
            {
                if (time.GetElapsedTime(started) + Pause >= options.Value.CommandPatience)
                {
                    throw new GrainUnreachableException($"{typeof(TGrain).Name} did not answer.", error);
                }
            }

            await Task.Delay(Pause, time);
        }
    }

    private static bool IsPassing(Exception error) =>
        error is AccountUnavailableException or OrleansMessageRejectionException or SiloUnavailableException or TimeoutException;
}

/// <summary>A command's outcome is not known: its grain could not be reached.</summary>
internal sealed class GrainUnreachableException(string message, Exception inner) : Exception(message, inner);
