using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

namespace Platform.Domain.Upstreams;

/// <summary>Names the attempt that a callback is about.</summary>
/// <param name="Tenant">Whose task it is.</param>
/// <param name="Task">The task.</param>
/// <param name="AttemptId">The attempt: our reference.</param>
public sealed record CallbackAddress(TenantId Tenant, TaskId Task, string AttemptId);

/// <summary>The addresses of ours that an upstream is given.</summary>
public interface IUpstreamLinks
{
    /// <summary>
    /// A signed link to our copy of an input. The same arguments give the same link: a resend of an attempt must not differ from what
    /// was sent first.
    /// </summary>
    /// <param name="tenant">Whose task it is.</param>
    /// <param name="task">The task.</param>
    /// <param name="input">The input.</param>
    /// <param name="expiresAt">When the link ends (whole seconds).</param>
    string Input(TenantId tenant, TaskId task, CopiedInput input, DateTimeOffset expiresAt);

    /// <summary>
    /// The URL that an upstream may call for an attempt. It names the attempt and carries a MAC, so that a callback also identifies a
    /// submit whose reply was lost.
    /// </summary>
    string Callback(CallbackAddress address);

    /// <summary>Says whether we made the callback URL of this attempt with this MAC. Compares in constant time.</summary>
    bool IsOurs(CallbackAddress address, string mac);
}
