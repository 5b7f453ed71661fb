using Platform.Domain.Catalog;
using Platform.Domain.Credits;

namespace Platform.Grains.Contracts.Surrogates;

/// <summary>Wire form of <see cref="PriceSnapshot"/>.</summary>
[GenerateSerializer, Immutable, Alias("platform.s.price")]
public struct PriceSnapshotSurrogate
{
    /// <summary>Version of the price.</summary>
    [Id(0)]
    public int PriceVersion;

    /// <summary>Credits for one second at multiplier one.</summary>
    [Id(1)]
    public CreditAmount BasePerSecond;

    /// <summary>Multiplier of the quality.</summary>
    [Id(2)]
    public decimal QualityMultiplier;

    /// <summary>Name of the user group.</summary>
    [Id(3)]
    public string UserGroup;

    /// <summary>Multiplier of the user group.</summary>
    [Id(4)]
    public decimal GroupMultiplier;

    /// <summary>Credits for one second.</summary>
    [Id(5)]
    public CreditAmount UnitPrice;

    /// <summary>How a duration becomes seconds.</summary>
    [Id(6)]
    public SecondsRounding Rounding;

    /// <summary>Credits that one US dollar stands for.</summary>
    [Id(7)]
    public decimal CreditsPerUsd;
}

/// <summary>Converts <see cref="PriceSnapshot"/>.</summary>
[RegisterConverter]
public sealed class PriceSnapshotConverter : IConverter<PriceSnapshot, PriceSnapshotSurrogate>
{
    /// <inheritdoc/>
    public PriceSnapshot ConvertFromSurrogate(in PriceSnapshotSurrogate surrogate) => new()
    {
        PriceVersion = surrogate.PriceVersion,
        BasePerSecond = surrogate.BasePerSecond,
        QualityMultiplier = surrogate.QualityMultiplier,
        UserGroup = surrogate.UserGroup,
        GroupMultiplier = surrogate.GroupMultiplier,
        UnitPrice = surrogate.UnitPrice,
        Rounding = surrogate.Rounding,
        CreditsPerUsd = surrogate.CreditsPerUsd,
    };

    /// <inheritdoc/>
    public PriceSnapshotSurrogate ConvertToSurrogate(in PriceSnapshot value) => new()
    {
        PriceVersion = value.PriceVersion,
        BasePerSecond = value.BasePerSecond,
        QualityMultiplier = value.QualityMultiplier,
        UserGroup = value.UserGroup,
        GroupMultiplier = value.GroupMultiplier,
        UnitPrice = value.UnitPrice,
        Rounding = value.Rounding,
        CreditsPerUsd = value.CreditsPerUsd,
    };
}

/// <summary>Wire form of <see cref="Quote"/>.</summary>
[GenerateSerializer, Immutable, Alias("platform.s.quote")]
public struct QuoteSurrogate
{
    /// <summary>What it is for.</summary>
    [Id(0)]
    public string Subject;

    /// <summary>The price.</summary>
    [Id(1)]
    public PriceSnapshot Price;

    /// <summary>Most credits.</summary>
    [Id(2)]
    public CreditAmount Credits;

    /// <summary>When it ends.</summary>
    [Id(3)]
    public DateTimeOffset ExpiresAt;
}

/// <summary>Converts <see cref="Quote"/>.</summary>
[RegisterConverter]
public sealed class QuoteConverter : IConverter<Quote, QuoteSurrogate>
{
    /// <inheritdoc/>
    public Quote ConvertFromSurrogate(in QuoteSurrogate surrogate) =>
        new(surrogate.Subject, surrogate.Price, surrogate.Credits, surrogate.ExpiresAt);

    /// <inheritdoc/>
    public QuoteSurrogate ConvertToSurrogate(in Quote value) => new()
    {
        Subject = value.Subject,
        Price = value.Price,
        Credits = value.Credits,
        ExpiresAt = value.ExpiresAt,
    };
}
