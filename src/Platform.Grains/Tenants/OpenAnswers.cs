using Platform.Domain.Tasks;

namespace Platform.Grains.Tenants;

/// <summary>
/// Requests without an idempotency key, until they are known to have been answered (decision 0007). Two requests in the same words are two
/// wishes where both were answered; where nobody knows whether the first was, the second is taken for the first one sent again. Runs on
/// the grain's scheduler: no locks.
/// </summary>
internal sealed class OpenAnswers(TimeProvider time, GrainOptions options)
{
    private readonly Dictionary<string, OpenAnswer> _bySubject = new(StringComparer.Ordinal);
    private readonly Dictionary<RequestBody, List<OpenAnswer>> _byBody = [];

    // In the order in which they were asked, which is that of their floors and of their ages.
    private readonly LinkedList<OpenAnswer> _open = new();
    private readonly Queue<OpenAnswer> _answered = new();
    private long _asked;
    private long _given;

    /// <summary>When something was last asked here that may have to be told from its repeat.</summary>
    public DateTimeOffset? LastAskedAt { get; private set; }

    /// <summary>How long a request may be taken for an earlier one whose answer was lost.</summary>
    public TimeSpan Window => options.LostAnswerWindow + options.AnswerPatience;

    /// <summary>Takes a request up before it is decided. The same subject again is the same request again.</summary>
    /// <param name="subject">Id of the task or batch that it would become.</param>
    /// <param name="body">Who asks for what.</param>
    /// <param name="askedBy">The process that will answer.</param>
    /// <param name="version">Version of the account as it is committed: what the request becomes comes behind it.</param>
    public OpenAnswer Ask(string subject, RequestBody body, string? askedBy, long version)
    {
        Trim();
        LastAskedAt = time.GetUtcNow();
        return _bySubject.TryGetValue(subject, out var asked) ? asked : Add(new()
        {
            Subject = subject,
            Body = body,
            AskedBy = askedBy,
            AskedAt = time.GetUtcNow(),
            Number = ++_asked,
            Floor = version,
        });
    }

    /// <summary>Takes up what another activation accepted and may not have answered, oldest first.</summary>
    public void Load(IEnumerable<UnansweredTask> tasks)
    {
        foreach (var (task, sequence) in tasks)
        {
            var subject = task.BatchId ?? task.Id.Value;
            if (!_bySubject.ContainsKey(subject))
            {
                var open = Add(new()
                {
                    Subject = subject,
                    Body = new(task.ApiKeyId, task.BodyDigest!),
                    AskedAt = task.CreatedAt,
                    Number = ++_asked,
                    Floor = sequence - 1,
                });
                open.IsLost = true;
                open.Conclude(accepted: true, task.CreatedAt);
            }
        }
    }

    /// <summary>
    /// An earlier request that this one may be, or null. It may still be under way: its outcome is to be waited for. Where there are
    /// several, each is given in turn.
    /// </summary>
    public OpenAnswer? FindEarlier(OpenAnswer asked)
    {
        var now = time.GetUtcNow();
        var earlier = _byBody[asked.Body]
            .Where(e => e.Number < asked.Number && e.Outcome is not { IsCompletedSuccessfully: true, Result: false } && MayBe(e, asked, now))
            .MinBy(e => e.LastGiven);
        if (earlier is not null)
        {
            earlier.LastGiven = ++_given;
        }

        return earlier;
    }

    /// <summary>Says that a request was decided.</summary>
    public void Conclude(OpenAnswer asked, bool accepted)
    {
        asked.Conclude(accepted, time.GetUtcNow());
        if (asked.Outcome is { IsCompletedSuccessfully: true, Result: false })
        {
            Remove(asked);
        }
    }

    /// <summary>Says that a caller was answered.</summary>
    public void Answered(string subject)
    {
        if (!_bySubject.TryGetValue(subject, out var open))
        {
            return;
        }

        if (options.BodyReplayWindow == TimeSpan.Zero)
        {
            Remove(open);
        }
        else if (!open.IsAnswered)
        {
            open.IsAnswered = true;
            _open.Remove(open);
            _answered.Enqueue(open);
        }
    }

    /// <summary>Says that a caller could not be answered.</summary>
    public void Lost(string subject)
    {
        if (_bySubject.TryGetValue(subject, out var open))
        {
            open.IsLost = true;
        }
    }

    /// <summary>Sequence up to which everything was answered, of an account at a version.</summary>
    public long AnsweredThrough(long version)
    {
        Trim();
        return _open.First is { } oldest ? Math.Min(oldest.Value.Floor, version) : version;
    }

    private bool MayBe(OpenAnswer earlier, OpenAnswer asked, DateTimeOffset now)
    {
        var age = now - earlier.AskedAt;
        if (options.BodyReplayWindow > TimeSpan.Zero && age <= options.BodyReplayWindow)
        {
            return true;
        }

        if (earlier.IsAnswered || age > Window)
        {
            return false;
        }

        // Its caller was told that nobody knows, or will never be told: another process, which would have reported by now.
        return earlier.IsLost
            || age >= options.AnswerPatience
            || (!string.Equals(earlier.AskedBy, asked.AskedBy, StringComparison.Ordinal) && now - earlier.ConcludedAt >= options.ReportPatience);
    }

    private OpenAnswer Add(OpenAnswer open)
    {
        _bySubject.Add(open.Subject, open);
        if (!_byBody.TryGetValue(open.Body, out var same))
        {
            _byBody.Add(open.Body, same = []);
        }

        same.Add(open);
        _open.AddLast(open);
        return open;
    }

    private void Remove(OpenAnswer open)
    {
        if (!_bySubject.Remove(open.Subject))
        {
            return;
        }

        _open.Remove(open);
        var same = _byBody[open.Body];
        same.Remove(open);
        if (same.Count == 0)
        {
            _byBody.Remove(open.Body);
        }
    }

    private void Trim()
    {
        var now = time.GetUtcNow();
        while (_open.First is { } oldest && now - oldest.Value.AskedAt > Window && oldest.Value.Outcome.IsCompleted)
        {
            Remove(oldest.Value);
        }

        while (_answered.TryPeek(out var answered) && now - answered.AskedAt > options.BodyReplayWindow)
        {
            Remove(_answered.Dequeue());
        }
    }
}

/// <summary>Who asks for what: requests that are equal in it may be one that was sent twice.</summary>
/// <param name="ApiKeyId">The API key.</param>
/// <param name="Digest">Digest of the canonical body.</param>
internal readonly record struct RequestBody(string ApiKeyId, string Digest);

/// <summary>A request whose caller is not known to have been answered.</summary>
internal sealed class OpenAnswer
{
    private readonly TaskCompletionSource<bool> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Id of the task or batch.</summary>
    public required string Subject { get; init; }

    public required RequestBody Body { get; init; }

    public string? AskedBy { get; init; }

    public required DateTimeOffset AskedAt { get; init; }

    public required long Number { get; init; }

    /// <summary>A sequence of the account that what it becomes comes behind.</summary>
    public required long Floor { get; init; }

    /// <summary>Whether it was accepted; completes when that is known, or when this activation cannot know any more (false).</summary>
    public Task<bool> Outcome => _outcome.Task;

    public DateTimeOffset? ConcludedAt { get; private set; }

    public bool IsLost { get; set; }

    public bool IsAnswered { get; set; }

    public long LastGiven { get; set; }

    public void Conclude(bool accepted, DateTimeOffset now)
    {
        ConcludedAt ??= now;
        _outcome.TrySetResult(accepted);
    }
}
