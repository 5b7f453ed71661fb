namespace Platform.Domain.Catalog;

/// <summary>The models that the platform sells, and what user groups pay.</summary>
public interface ICatalog
{
    /// <summary>All models.</summary>
    IReadOnlyList<ModelDefinition> Models { get; }

    /// <summary>A model by its name in requests, or null.</summary>
    ModelDefinition? FindModel(string id);

    /// <summary>What a group's price for a model is multiplied by; 1 where the group has no price of its own.</summary>
    decimal GroupMultiplier(string userGroup, string modelId);
}

/// <summary>The catalogue that the program comes with: the product page's model at the product page's price.</summary>
public sealed class BuiltInCatalog : ICatalog
{
    /// <inheritdoc/>
    public IReadOnlyList<ModelDefinition> Models { get; } = [MotionControlModel.Definition];

    /// <inheritdoc/>
    public ModelDefinition? FindModel(string id) => Models.FirstOrDefault(m => string.Equals(m.Id, id, StringComparison.Ordinal));

    /// <inheritdoc/>
    public decimal GroupMultiplier(string userGroup, string modelId) => 1m;
}
