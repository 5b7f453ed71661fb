using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Platform.Bench.Load;

/// <summary>Waits for sockets and for one timer. The calls of Linux themselves: a generator must cost little beside what it measures.</summary>
internal sealed partial class Epoll : IDisposable
{
    /// <summary>What the timer reports instead of the number of a socket.</summary>
    public const int Timer = -1;

    private const int Add = 1;
    private const int In = 1;
    private const int Monotonic = 1;
    private const int MaxEvents = 128;

    private readonly int _epoll;
    private readonly int _timer;
    private readonly EpollEvent[] _events = new EpollEvent[MaxEvents];

    public Epoll()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            throw new PlatformNotSupportedException("The load generator knows Linux on x64.");
        }

        _epoll = Check(EpollCreate(0));
        _timer = Check(TimerCreate(Monotonic, 0));
        Watch(_timer, Timer);
    }

    /// <summary>Watches a socket for what arrives.</summary>
    public void Watch(int descriptor, int number)
    {
        var wanted = new EpollEvent { Events = In, Data = number };
        Check(EpollControl(_epoll, Add, descriptor, ref wanted));
    }

    /// <summary>Has the timer report once after a time; zero is at once.</summary>
    public unsafe void Ring(TimeSpan after)
    {
        // Zero would disarm the timer.
        var ticks = Math.Max(after.Ticks, 1);
        var setting = new TimerSetting
        {
            Seconds = ticks / TimeSpan.TicksPerSecond,
            Nanoseconds = ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick,
        };
        Check(TimerSet(_timer, 0, &setting, null));
    }

    /// <summary>Waits until something arrived, the timer rang, or the time is up; gives the numbers of what reports.</summary>
    public unsafe int Wait(Span<int> ready, TimeSpan atMost)
    {
        fixed (EpollEvent* events = _events)
        {
            var count = EpollWait(_epoll, events, Math.Min(ready.Length, MaxEvents), (int)Math.Ceiling(atMost.TotalMilliseconds));
            for (var i = 0; i < count; i++)
            {
                ready[i] = (int)_events[i].Data;
                if (ready[i] == Timer)
                {
                    ulong rings;
                    _ = Read(_timer, &rings, sizeof(ulong));
                }
            }

            // Interrupted by a signal is nothing that happened.
            return Math.Max(count, 0);
        }
    }

    /// <summary>Sends all of it; requests are small and their sockets idle, so that it never has to wait.</summary>
    public static unsafe bool TrySend(int descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            const int NoSignal = 0x4000;
            return Send(descriptor, start, (nuint)bytes.Length, NoSignal) == bytes.Length;
        }
    }

    /// <summary>Takes what has arrived: the number of bytes, 0 for the end, -1 for nothing or a failure.</summary>
    public static unsafe int Receive(int descriptor, Span<byte> into)
    {
        fixed (byte* start = into)
        {
            return (int)Receive(descriptor, start, (nuint)into.Length, 0);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ = Close(_timer);
        _ = Close(_epoll);
    }

    private static int Check(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int EpollControl(int epoll, int operation, int descriptor, ref EpollEvent wanted);

    [LibraryImport("libc", EntryPoint = "epoll_wait")]
    private static unsafe partial int EpollWait(int epoll, EpollEvent* events, int maxEvents, int timeout);

    [LibraryImport("libc", EntryPoint = "timerfd_create", SetLastError = true)]
    private static partial int TimerCreate(int clock, int flags);

    [LibraryImport("libc", EntryPoint = "timerfd_settime", SetLastError = true)]
    private static unsafe partial int TimerSet(int timer, int flags, TimerSetting* setting, TimerSetting* before);

    [LibraryImport("libc", EntryPoint = "send")]
    private static unsafe partial nint Send(int descriptor, byte* bytes, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "recv")]
    private static unsafe partial nint Receive(int descriptor, byte* bytes, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "read")]
    private static unsafe partial nint Read(int descriptor, void* bytes, nuint length);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    // Packed on x64 only.
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct EpollEvent
    {
        public uint Events;
        public long Data;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct TimerSetting
    {
        public long IntervalSeconds;
        public long IntervalNanoseconds;
        public long Seconds;
        public long Nanoseconds;
    }
}
