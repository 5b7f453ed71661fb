using Platform.Domain.Credits;
using Platform.Domain.Media;
using Platform.Domain.ServiceLevels;
using Platform.Domain.Statements;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Domain.Usage;

namespace Platform.Conformance.Store;

/// <summary>The ports of one open store.</summary>
public sealed record OpenStore(
    IAccountStore Accounts, ITaskStore Tasks, ITenantStore Tenants, IFileStore Files, IBooksReader Books, StoreReads Reads);

/// <summary>Its ports that only read.</summary>
public sealed record StoreReads(ITaskQueries Tasks, ILedgerReader Ledger, IUsageReader Usage, IServiceLevelReader ServiceLevels);
