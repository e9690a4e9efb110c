using System.Net;
using CsCheck;
using ScrapeGuard.Counting;
using ScrapeGuard.Tool.Replay.Judging;
using ScrapeGuard.Tool.Replay.Merging;
using ScrapeGuard.Tool.Replay.Pages;
using Xunit;

namespace ScrapeGuard.Tests.Replay.Merging;

public class ViewSortTests
{
    private static readonly LoggedClient[] Clients =
        [new("203.0.113.7"u8), new("2001:db8::7"u8), new("pc7.clinic.example"u8), new([0xff, 0xfe]), new("-"u8)];

    private static readonly RequestedPage[] Pages = [new("page", "/", 1), new("member", "42", 2), new("list", null, 0), new("member", "é", ulong.MaxValue)];

    private static readonly Gen<LoggedView> View = Gen.Select(
        Gen.Long[0, 30].Select(seconds => seconds * TimeSpan.TicksPerSecond), OneOf(Clients), OneOf<string?>(null, "", "ann"),
        OneOf(null, "s1"), OneOf(Pages), OneOf(null, "Mozilla/5.0"), Gen.Bool, OneOf(Enum.GetValues<Outcome>()))
        .Select(view => new LoggedView(view.Item1, view.Item2, view.Item3, view.Item4, view.Item5, view.Item6, view.Item7, view.Item8));

    [Fact]
    public void Views_come_back_in_order_as_they_were_and_equal_ones_in_theirs()
    {
        Gen.Select(View.Array[0, 200], Gen.Int[1, 60]).Sample((views, most) =>
        {
            using var sort = new ViewSort(() => new MemoryStream(), most);
            foreach (var view in views)
                sort.Add(view);
            Assert.Equal(views.OrderBy(view => view.At).Select(Told), sort.TakeSorted().Select(Told));
            Assert.Equal(views.Index().Count(view => views.Take(view.Index).Any(earlier => earlier.At > view.Item.At)), sort.Late);
        });
    }

    [Fact]
    public void Views_that_come_in_order_take_one_file_and_one_late_view_another()
    {
        var files = 0;
        using var sort = new ViewSort(() => new MemoryStream(++files), most: 10);
        foreach (var at in Enumerable.Range(0, 1000).Append(5).Concat(Enumerable.Range(1000, 1000)))
            sort.Add(new LoggedView { At = at, Client = Clients[0], Page = Pages[0] });

        Assert.Equal(2001, sort.TakeSorted().Count());
        Assert.Equal(2, files);
    }

    [Fact]
    public void Where_there_is_no_room_it_says_what_to_do_once_order_is_asked_for()
    {
        using var sort = new ViewSort(() => throw new UnauthorizedAccessException("It may not be written."), most: 1);
        for (var at = 0; at < 3; at++)
            sort.Add(new LoggedView { At = at, Client = Clients[0], Page = Pages[0] });

        Assert.NotNull(sort.Failure);
        var exception = Assert.Throws<IOException>(() => sort.TakeSorted().Count());
        Assert.Contains("no room to sort them", exception.Message, StringComparison.Ordinal);
        Assert.Contains("It may not be written. Make room there, name another folder in the environment variable TMPDIR", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_full_is_noticed_while_it_is_written()
    {
        using var sort = new ViewSort(() => new BufferedStream(new FullStream()), most: 1);
        for (var at = 0; at < 3; at++)
            sort.Add(new LoggedView { At = at, Client = Clients[0], Page = Pages[0] });

        Assert.IsType<IOException>(sort.Failure);
    }

    [Fact]
    public void A_temporary_file_is_for_nobody_else_and_leaves_nothing()
    {
        using var file = TemporaryFile.Open();
        file.WriteByte(1);
        file.Flush();
        file.Position = 0;

        Assert.Equal(1, file.ReadByte());
        Assert.SkipWhen(OperatingSystem.IsWindows(), "It has a name until it is closed.");
        Assert.False(File.Exists(((FileStream)file).Name));
    }

    private sealed class FullStream : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => throw new IOException("No space left on device");

        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("No space left on device");
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(place => values[place]);

    private static (long, string, IPAddress?, string?, string?, RequestedPage, string?, bool, Outcome) Told(LoggedView view) =>
        (view.At, view.Client.Text, view.Client.Address, view.Account, view.Session, view.Page, view.UserAgent, view.IsHead, view.Outcome);
}
