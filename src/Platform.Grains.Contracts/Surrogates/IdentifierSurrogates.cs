using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

namespace Platform.Grains.Contracts.Surrogates;

/// <summary>Wire form of <see cref="TenantId"/>.</summary>
[GenerateSerializer, Immutable, Alias("platform.s.tenant-id")]
public struct TenantIdSurrogate
{
    /// <summary>The text.</summary>
    [Id(0)]
    public string Value;
}

/// <summary>Converts <see cref="TenantId"/>.</summary>
[RegisterConverter]
public sealed class TenantIdConverter : IConverter<TenantId, TenantIdSurrogate>
{
    /// <inheritdoc/>
    public TenantId ConvertFromSurrogate(in TenantIdSurrogate surrogate) => new(surrogate.Value);

    /// <inheritdoc/>
    public TenantIdSurrogate ConvertToSurrogate(in TenantId value) => new() { Value = value.Value };
}

/// <summary>Wire form of <see cref="TaskId"/>.</summary>
[GenerateSerializer, Immutable, Alias("platform.s.task-id")]
public struct TaskIdSurrogate
{
    /// <summary>The text.</summary>
    [Id(0)]
    public string Value;
}

/// <summary>Converts <see cref="TaskId"/>.</summary>
[RegisterConverter]
public sealed class TaskIdConverter : IConverter<TaskId, TaskIdSurrogate>
{
    /// <inheritdoc/>
    public TaskId ConvertFromSurrogate(in TaskIdSurrogate surrogate) => new(surrogate.Value);

    /// <inheritdoc/>
    public TaskIdSurrogate ConvertToSurrogate(in TaskId value) => new() { Value = value.Value };
}

/// <summary>Wire form of <see cref="CreditAmount"/>: units of 10⁻⁸ credits.</summary>
[GenerateSerializer, Immutable, Alias("platform.s.credits")]
public struct CreditAmountSurrogate
{
    /// <summary>Units of 10⁻⁸ credits.</summary>
    [Id(0)]
    public long Units;
}

/// <summary>Converts <see cref="CreditAmount"/>.</summary>
[RegisterConverter]
public sealed class CreditAmountConverter : IConverter<CreditAmount, CreditAmountSurrogate>
{
    /// <inheritdoc/>
    public CreditAmount ConvertFromSurrogate(in CreditAmountSurrogate surrogate) => CreditAmount.FromUnits(surrogate.Units);

    /// <inheritdoc/>
    public CreditAmountSurrogate ConvertToSurrogate(in CreditAmount value) => new() { Units = value.Units };
}
