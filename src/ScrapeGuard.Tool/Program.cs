using System.CommandLine;
using ScrapeGuard.Tool;

// After Ctrl+C a replay still judges what it had read.
var configuration = new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) };
return await ToolCommand.Create(TimeProvider.System).Parse(args).InvokeAsync(configuration);
