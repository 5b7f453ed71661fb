using Platform.Domain.Catalog;
using Platform.Domain.Credits;

namespace Platform.Api.Tests.Hosting;

/// <summary>The built-in catalogue, whose price a test can change for as long as it lets it.</summary>
public sealed class TestCatalog : ICatalog
{
    private readonly BuiltInCatalog _builtIn = new();
    private volatile IReadOnlyList<ModelDefinition>? _changed;

    public IReadOnlyList<ModelDefinition> Models => _changed ?? _builtIn.Models;

    public ModelDefinition? FindModel(string id) => Models.FirstOrDefault(m => string.Equals(m.Id, id, StringComparison.Ordinal));

    public decimal GroupMultiplier(string userGroup, string modelId) => _builtIn.GroupMultiplier(userGroup, modelId);

    /// <summary>From now on the second version of the price holds; disposing brings the first one back.</summary>
    public IDisposable ChangePrice(decimal basePerSecond)
    {
        _changed =
        [
            .. _builtIn.Models.Select(m => m with
            {
                Prices =
                [
                    .. m.Prices,
                    m.Prices[^1] with { Version = 2, ValidFrom = DateTimeOffset.UnixEpoch.AddDays(1), BasePerSecond = CreditAmount.From(basePerSecond) },
                ],
            }),
        ];
        return new Change(this);
    }

    private sealed class Change(TestCatalog catalog) : IDisposable
    {
        public void Dispose() => catalog._changed = null;
    }
}
