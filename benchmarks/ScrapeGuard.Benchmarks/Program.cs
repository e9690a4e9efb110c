using ScrapeGuard.Benchmarks;

return await Commands.RunAsync(args);
