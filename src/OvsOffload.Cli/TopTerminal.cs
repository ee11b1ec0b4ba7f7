using System.Collections.Immutable;
using System.Text;
using OvsOffload.Top;

#pragma warning disable RS0030 // The one file that draws a screen and reads keys.

namespace OvsOffload.Cli;

/// <summary>
/// The real terminal, by the control sequences that every terminal of the last decades has (ECMA-48, and xterm's
/// private mode 1049, the alternate screen). The console itself keeps no other state: keys are read without echo one by
/// one.
/// </summary>
internal sealed class TopTerminal : ITopTerminal
{
    private const string EnterScreen = "\e[?1049h\e[?25l";

    private const string LeaveScreen = "\e[?25h\e[?1049l";

    private const string Home = "\e[H";

    private const string ClearLine = "\e[2K";

    private const string ClearBelow = "\e[J";

    /// <inheritdoc/>
    public (int Width, int Height) Size => (Math.Max(1, Console.WindowWidth), Math.Max(1, Console.WindowHeight));

    /// <inheritdoc/>
    public void Enter() => Write(EnterScreen);

    /// <inheritdoc/>
    public void Leave() => Write(LeaveScreen);

    /// <inheritdoc/>
    public void Draw(ImmutableArray<string> lines)
    {
        // In one piece, so that nothing flickers; without a newline at the end, which would scroll. Each line is
        // cleared before it is written: after one as wide as the screen, the cursor still stands on its last letter.
        var screen = new StringBuilder(Home);
        for (int i = 0; i < lines.Length; i++)
        {
            screen.Append(i == 0 ? "" : "\r\n").Append(i == lines.Length - 1 ? ClearBelow : ClearLine).Append(lines[i]);
        }

        Write(screen.ToString());
    }

    /// <inheritdoc/>
    public ConsoleKeyInfo? Key() => Console.KeyAvailable ? Console.ReadKey(intercept: true) : null;

    /// <summary>A terminal that is gone takes nothing, which is no reason to fail.</summary>
    private static void Write(string text)
    {
        try
        {
            Console.Out.Write(text);
            Console.Out.Flush();
        }
        catch (IOException)
        {
        }
    }
}
