package org.atelier.dispatcher.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * A range of addresses, such as {@code 10.0.0.0/8}.
 *
 * @param address an address in it
 * @param prefix  number of bits that all of its addresses begin with
 */
public record Network(InetAddress address, int prefix) {
    /** Without letters that could be a name: nothing is looked up. */
    private static final Pattern SHAPE = Pattern.compile(
            "([0-9.]{7,15}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)(?:/(\\d{1,3}))?");

    public Network {
        if (prefix < 0 || prefix > address.getAddress().length * Byte.SIZE) {
            throw new IllegalArgumentException("has a prefix of " + prefix + " bits, and its addresses have "
                    + address.getAddress().length * Byte.SIZE);
        }
    }

    /**
     * The range of a text; one without a prefix is a single address.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Network parse(String text) {
        var matcher = SHAPE.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is no network such as 10.0.0.0/8 or fd00::/8");
        }
        try {
            var address = InetAddress.getByName(matcher.group(1));
            return new Network(address, matcher.group(2) == null
                    ? address.getAddress().length * Byte.SIZE
                    : Integer.parseInt(matcher.group(2)));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("\"" + text + "\" is no network such as 10.0.0.0/8 or fd00::/8", e);
        }
    }

    /** Whether an address is in it. */
    boolean contains(InetAddress other) {
        var mine = address.getAddress();
        var its = other.getAddress();
        if (mine.length != its.length) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit++) {
            int mask = 1 << Byte.SIZE - 1 - bit % Byte.SIZE;
            if (((mine[bit / Byte.SIZE] ^ its[bit / Byte.SIZE]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + prefix;
    }
}
