using System.Runtime.InteropServices;
using BreachReplay;

using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    var options = ReplayOptions.Parse(args);
    if (options.Help)
    {
        Console.WriteLine(ReplayOptions.Usage);
        return 0;
    }

    return await Replay.RunAsync(options, stop.Token) ? 0 : 1;
}
catch (ReplayException error)
{
    await Console.Error.WriteLineAsync(error.Message);
    return 2;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync("Stopped before the end; nothing was judged.");
    return 130;
}
