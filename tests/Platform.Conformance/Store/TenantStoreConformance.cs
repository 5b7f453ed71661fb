using Platform.Domain.Tenants;

namespace Platform.Conformance.Store;

/// <summary>What every <see cref="ITenantStore"/> must do.</summary>
public abstract class TenantStoreConformance : StoreConformance
{
    private ITenantStore Tenants => Store.Tenants;

    [Fact]
    public async Task AddTenantAsync_New_IsFoundAsItWas()
    {
        var tenant = Tenant(Ann) with { Group = "partners", Status = TenantStatus.Suspended, MayUseSandbox = true, Name = "Änn & co 🎬" };

        (await Tenants.AddTenantAsync(tenant, default)).Should().BeTrue();

        (await Tenants.FindTenantAsync(Ann, default)).Should().Be(tenant);
        (await Tenants.FindTenantAsync(Bob, default)).Should().BeNull();
    }

    [Fact]
    public async Task AddTenantAsync_IdInUse_ChangesNothing()
    {
        await Tenants.AddTenantAsync(Tenant(Ann), default);

        (await Tenants.AddTenantAsync(Tenant(Ann) with { Name = "other" }, default)).Should().BeFalse();

        (await Tenants.FindTenantAsync(Ann, default)).Should().Be(Tenant(Ann));
    }

    [Fact]
    public async Task AddTenantAsync_ManyAtOnce_OneWins()
    {
        var added = await AtOnceAsync(16, i => Tenants.AddTenantAsync(Tenant(Ann) with { Name = $"{i}" }, default));

        added.Count(a => a).Should().Be(1);
        (await Tenants.FindTenantAsync(Ann, default))!.Name.Should().Be($"{Array.IndexOf(added, true)}");
    }

    [Fact]
    public async Task AddKeyAsync_New_IsFoundByItsHash()
    {
        await Tenants.AddTenantAsync(Tenant(Ann), default);
        var key = Key("key_1", "aa") with { ExpiresAt = Noon.AddDays(30) };

        (await Tenants.AddKeyAsync(key, default)).Should().BeTrue();

        (await Tenants.FindKeyByHashAsync("aa", default)).Should().Be(key);
        (await Tenants.FindKeyByHashAsync("AA", default)).Should().BeNull();
        (await Tenants.FindKeyByHashAsync("key_1", default)).Should().BeNull();
    }

    [Theory]
    [InlineData("key_1", "bb")]
    [InlineData("key_2", "aa")]
    public async Task AddKeyAsync_IdOrHashInUse_ChangesNothing(string id, string hash)
    {
        await Tenants.AddTenantAsync(Tenant(Ann), default);
        await Tenants.AddKeyAsync(Key("key_1", "aa"), default);

        (await Tenants.AddKeyAsync(Key(id, hash) with { Name = "other" }, default)).Should().BeFalse();

        (await Tenants.FindKeyByHashAsync("aa", default)).Should().Be(Key("key_1", "aa"));
        (await Tenants.FindKeyByHashAsync("bb", default)).Should().BeNull();
    }

    [Fact]
    public async Task AddKeyAsync_NoSuchTenant_Throws()
    {
        var act = () => Tenants.AddKeyAsync(Key("key_1", "aa"), default);

        await act.Should().ThrowAsync<Exception>();
    }

    [Fact]
    public async Task RevokeKeyAsync_Twice_KeepsTheFirstTime()
    {
        await Tenants.AddTenantAsync(Tenant(Ann), default);
        await Tenants.AddKeyAsync(Key("key_1", "aa"), default);

        (await Tenants.RevokeKeyAsync(Bob, "key_1", Noon, default)).Should().BeFalse("it is Ann's");
        (await Tenants.FindKeyByHashAsync("aa", default))!.RevokedAt.Should().BeNull();
        (await Tenants.RevokeKeyAsync(Ann, "key_1", Noon, default)).Should().BeTrue();
        (await Tenants.RevokeKeyAsync(Ann, "key_1", Noon.AddDays(1), default)).Should().BeTrue();
        (await Tenants.RevokeKeyAsync(Ann, "key_2", Noon, default)).Should().BeFalse();

        await RestartAsync();
        (await Tenants.FindKeyByHashAsync("aa", default)).Should().Be(Key("key_1", "aa") with { RevokedAt = Noon });
    }

    private static Tenant Tenant(TenantId id) => new() { Id = id, Name = "A", CreatedAt = Noon };

    private static ApiKey Key(string id, string hash) => new() { Id = id, Tenant = Ann, Name = "A", SecretHash = hash, CreatedAt = Noon };
}
