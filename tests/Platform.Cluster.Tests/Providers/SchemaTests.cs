namespace Platform.Cluster.Tests.Providers;

/// <summary>The schema as a whole.</summary>
public sealed class SchemaTests(ProviderDatabase database) : IClassFixture<ProviderDatabase>
{
    [Fact]
    public void Texts_All_AreThere() => database.Texts.Keys.Should().BeEquivalentTo(
        "InsertMembershipVersionKey", "MembershipReadAllKey", "MembershipReadRowKey", "InsertMembershipKey", "UpdateMembershipKey",
        "UpdateIAmAlivetimeKey", "GatewaysQueryKey", "DeleteMembershipTableEntriesKey", "CleanupDefunctSiloEntriesKey",
        "UpsertReminderRowKey", "ReadReminderRowsKey", "ReadReminderRowKey", "ReadRangeRows1Key", "ReadRangeRows2Key",
        "DeleteReminderRowKey", "DeleteReminderRowsKey",
        "ReadFromStorageKey", "WriteToStorageKey", "ClearStorageKey", "DeleteStorageKey");

    [Fact]
    public async Task Apply_Again_WritesNothing()
    {
        var before = await WritersAsync();

        await database.ApplyAsync();

        (await WritersAsync()).Should().Equal(before);
    }

    [Fact]
    public async Task Apply_OverTheTextsOfAnOlderProgram_ReplacesThem()
    {
        await database.SqlAsync("UPDATE OrleansQuery SET QueryText = 'SELECT 1' WHERE QueryKey = 'GatewaysQueryKey'");

        await database.ApplyAsync();

        (await database.SqlAsync("SELECT QueryText FROM OrleansQuery WHERE QueryKey = 'GatewaysQueryKey'"))
            .Should().ContainSingle().Which["querytext"].Should().Be(database.Texts["GatewaysQueryKey"]);
    }

    // The transaction that wrote each row.
    private async Task<List<string>> WritersAsync() =>
        (await database.SqlAsync("SELECT querykey || ' ' || xmin::text AS writer FROM OrleansQuery ORDER BY 1")).ConvertAll(r => (string)r["writer"]!);
}
