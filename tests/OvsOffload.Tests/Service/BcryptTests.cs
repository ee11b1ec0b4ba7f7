using OvsOffload.Intent.Configuration;
using OvsOffload.Service;

namespace OvsOffload.Tests.Service;

public sealed class BcryptTests
{
    /// <summary>Vectors of OpenBSD's and of Openwall's implementations, and of libxcrypt.</summary>
    [Theory]
    [InlineData("", "$2a$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s.")]
    [InlineData("a", "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe")]
    [InlineData("abc", "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i")]
    [InlineData("abcdefghijklmnopqrstuvwxyz", "$2a$06$.rCVZVOThsIa97pEDOxvGuRRgzG64bvtJ0938xuqzv18d3ZpQhstC")]
    [InlineData(
        "~!@#$%^&*()      ~!@#$%^&*()PNBFRD", "$2a$06$fPIsBO8qRqkjj273rfaOI.HtSV9jLDpTbZn782DC6/t7qT67P6FfO")]
    [InlineData("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData(
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789chars after 72 are ignored",
        "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui")]
    [InlineData("été", "$2y$04$abcdefghijklmnopqrstuuqJbFBQPmEuBpYWIGZrYwVfOkXZdOhCm")]
    [InlineData("s3cret", "$2b$10$abcdefghijklmnopqrstuu3KWNuWLhBnmgYfnzONPueahDuedC/lu")]
    public void A_password_matches_its_hash_and_no_other(string password, string hash)
    {
        Assert.True(Bcrypt.Matches(password, hash));
        Assert.False(Bcrypt.Matches("x" + password, hash));
        char last = hash[^2] == 'a' ? 'b' : 'a';
        Assert.False(Bcrypt.Matches(password, $"{hash[..^2]}{last}{hash[^1]}"));
    }

    /// <summary>Made by htpasswd -nbB of Apache 2.4.71, which writes $2y$, and by libxcrypt.</summary>
    [Theory]
    [InlineData("pass word", "$2y$04$ysGzfDu7ceYTxrMNOCVdFu34eBSPpHGumcCpeMVwbqQyOOPMSvgDm")]
    [InlineData("пароль", "$2y$04$rx6qDwX147Calv9qMgS9keqE0jAYDMmTs.D./lRptClzznSccfh22")]
    [InlineData("s3cret", "$2b$04$3gEgy.Py2oa.QQFdQbzMd.DQC9LEtEdMrDdz6zLyj8gXcKgTmdIEu")]
    public void A_hash_of_the_usual_tools_matches(string password, string hash)
    {
        Assert.True(Bcrypt.Matches(password, hash));
        Assert.False(Bcrypt.Matches(password + " ", hash));
    }

    /// <summary>Of the last letter of salt and hash four and two bits count for nothing.</summary>
    [Theory]
    [InlineData('u', 'G', true)]
    [InlineData('v', 'J', true)]
    [InlineData('e', 'G', false)]
    [InlineData('u', 'K', false)]
    public void A_hash_is_compared_by_its_bits_and_not_by_its_spelling(char salt, char last, bool same)
    {
        const string Hash = "$2b$04$abcdefghijklmnopqrstuuLZYjhNQAOdpbzt4WxWlUHjv1wsyH5DG";

        Assert.Equal(same, Bcrypt.Matches("s3cret", $"{Hash[..28]}{salt}{Hash[29..^1]}{last}"));
    }

    [Fact]
    public void Of_a_long_password_72_bytes_count()
    {
        string start = string.Concat(Enumerable.Repeat("é", 35));
        const string Hash = "$2y$04$C4L3T2zxY3M6teOa58AGkOjGfRHuqFwvuV1OKoi7GF6SpSOOZqVm2";

        Assert.True(Bcrypt.Matches(start + "ab", Hash));
        Assert.True(Bcrypt.Matches(start + "abc", Hash));
        Assert.True(Bcrypt.Matches(start + "ab€ and more", Hash));
        Assert.False(Bcrypt.Matches(start + "a", Hash));
        Assert.False(Bcrypt.Matches(start + "ac", Hash));
    }

    [Theory]
    [InlineData("")]
    [InlineData("s3cret")]
    [InlineData("$2x$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s.")]
    [InlineData("$2a$03$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s.")]
    [InlineData("$2a$31$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s.")]
    [InlineData("$2a$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s")]
    [InlineData("$2a$06$DCq7YPn5Rq63x1Lad4cll!TV4S6ytwfsfvkgY8jIucDrjc8deX1s.")]
    [InlineData("$2a$0a$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s.")]
    public void What_is_no_hash_is_refused(string text)
    {
        Assert.NotNull(BcryptHash.FindError(text));
        Assert.Throws<ArgumentException>(() => Bcrypt.Matches("", text));
    }
}
