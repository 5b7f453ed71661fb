using System.Diagnostics;
using Platform.Grains.Faults;

namespace Platform.Host.Faults;

/// <summary>Lets the process die as by <c>kill -9</c> at one place, for tests of crash safety.</summary>
internal sealed class KillFaultPoints(string killAt) : IFaultPoints
{
    public void Reach(string point)
    {
        if (string.Equals(point, killAt, StringComparison.Ordinal))
        {
            // SIGKILL: nothing is flushed, nothing is handed over.
            Process.GetCurrentProcess().Kill();
        }
    }
}
