using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace OvsOffload.Cli;

/// <summary>Options whose value is a number in a range; what is none is said in words of people.</summary>
internal static class NumberOption
{
    /// <summary>A whole number of at least one; null where it is not given.</summary>
    public static Option<int?> AtLeastOne(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => Whole(result, name),
    };

    /// <summary>A number of seconds.</summary>
    public static Option<double> Seconds(
        string name, string description, double least, double most, double unless) => new(name)
        {
            Description = description,
            HelpName = "SECONDS",
            DefaultValueFactory = _ => unless,
            CustomParser = result =>
            {
                string word = WordOf(result);
                if (double.TryParse(
                        word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds)
                    && seconds >= least && seconds <= most)
                {
                    return seconds;
                }

                result.AddError(string.Create(
                    CultureInfo.InvariantCulture, $"{name} must be {least} to {most} seconds, not {Quoted(word)}"));
                return unless;
            },
        };

    private static int? Whole(ArgumentResult result, string name)
    {
        string word = WordOf(result);
        if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1)
        {
            return number;
        }

        result.AddError($"{name} must be a positive number below 2147483648, not {Quoted(word)}");
        return null;
    }

    private static string WordOf(ArgumentResult result) => result.Tokens is [var token, ..] ? token.Value : "";

    private static string Quoted(string word) => $"\"{word}\"";
}
