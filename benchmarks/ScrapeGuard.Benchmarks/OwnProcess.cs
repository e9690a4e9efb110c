using System.Collections.Concurrent;
using System.Diagnostics;

namespace ScrapeGuard.Benchmarks;

/// <summary>A process that a table started: it ends with the table, however that ends.</summary>
internal sealed class OwnProcess
{
    private const int LinesKept = 100;
    private static readonly ConcurrentDictionary<OwnProcess, bool> Running = new();

    private readonly Process process;
    private readonly ConcurrentQueue<string> said = new();
    private readonly Action<string>? onLine;

    static OwnProcess()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => KillAll();
        Console.CancelKeyPress += (_, _) => KillAll();
    }

    private OwnProcess(ProcessStartInfo start, Action<string>? onLine)
    {
        this.onLine = onLine;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} does not start.");
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => process.Id;

    public Task Ended => process.WaitForExitAsync();

    public int ExitCode => process.ExitCode;

    /// <summary>The last it wrote, of both streams.</summary>
    public IReadOnlyList<string> Said => [.. said];

    /// <summary>Processor time spent so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    public static OwnProcess Start(ProcessStartInfo start, Action<string>? onLine = null)
    {
        var own = new OwnProcess(start, onLine);
        Running[own] = true;
        return own;
    }

    /// <summary>Runs a program to its end; what it wrote.</summary>
    /// <exception cref="InvalidOperationException">It failed, or took longer than it may.</exception>
    public static async Task<IReadOnlyList<string>> RunAsync(ProcessStartInfo start, TimeSpan most)
    {
        var own = Start(start);
        try
        {
            await own.Ended.WaitAsync(most);
        }
        catch (TimeoutException)
        {
            throw new InvalidOperationException($"{start.FileName} takes longer than {most}.");
        }
        finally
        {
            own.Kill();
        }

        return own.ExitCode == 0 ? own.Said : throw new InvalidOperationException($"{start.FileName} failed: {string.Join('\n', own.Said)}");
    }

    public void Kill()
    {
        Running.TryRemove(this, out _);
        if (process.HasExited)
            return;
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
    }

    private static void KillAll()
    {
        foreach (var own in Running.Keys)
            own.Kill();
    }

    private void Hear(string? line)
    {
        if (line is null)
            return;
        said.Enqueue(line);
        if (said.Count > LinesKept)
            said.TryDequeue(out _);
        onLine?.Invoke(line);
    }
}
