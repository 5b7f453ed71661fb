namespace Platform.Storage.Postgres.Writing;

/// <summary>New events of tasks.</summary>
internal sealed class EventRows : ArrayRows
{
    private readonly ArrayColumn<int> _unit;
    private readonly ArrayColumn<string?> _taskId;
    private readonly ArrayColumn<string?> _tenant;
    private readonly ArrayColumn<int> _month;
    private readonly ArrayColumn<long> _version;
    private readonly ArrayColumn<int> _position;
    private readonly ArrayColumn<long> _at;
    private readonly ArrayColumn<string?> _kind;
    private readonly ArrayColumn<byte[]> _data;

    public EventRows()
        : base("new_events")
    {
        _unit = Int32("unit");
        _taskId = Text("task_id");
        _tenant = Text("tenant");
        _month = Int32("month");
        _version = Int64("version");
        _position = Int32("position");
        _at = Int64("at");
        _kind = Text("kind");
        _data = Utf8("data");
    }

    public void Add(int unit, TaskDocuments documents)
    {
        for (var i = 0; i < documents.Events.Length; i++)
        {
            var (kind, at, data) = documents.Events[i];
            _unit.Add(unit);
            _taskId.Add(documents.Task.Id.Value);
            _tenant.Add(documents.Task.Tenant.Value);
            _month.Add(documents.Month);
            _version.Add(documents.Task.Version);
            _position.Add(i);
            _at.Add(UnixTime.Of(at));
            _kind.Add(kind);
            _data.Add(data);
            Added();
        }
    }
}
