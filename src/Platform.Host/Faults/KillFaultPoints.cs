using System.Diagnostics;
using Platform.Grains.Faults;
using Platform.Host.Settings;

namespace Platform.Host.Faults;

/// <summary>Lets the process die as by <c>kill -9</c> at one place, for tests of crash safety.</summary>
internal sealed class KillFaultPoints(FaultSettings settings) : IFaultPoints
{
    public void Reach(string point)
    {
        if (string.Equals(point, settings.KillAt, StringComparison.Ordinal) || string.Equals(point, Armed(), StringComparison.Ordinal))
        {
            // SIGKILL: nothing is flushed, nothing is handed over.
            Process.GetCurrentProcess().Kill();
        }
    }

    private string? Armed() => File.Exists(settings.KillFile) ? File.ReadAllText(settings.KillFile) : null;
}
