using Platform.Domain.Credits;
using Platform.Domain.Media;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

namespace Platform.Conformance.Store;

/// <summary>The ports of one open store.</summary>
public sealed record OpenStore(IAccountStore Accounts, ITaskStore Tasks, ITenantStore Tenants, IFileStore Files, IBooksReader Books);
