package org.atelier.dispatcher.webhook;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;

/**
 * Where webhooks may lead: to public addresses, and to networks that the operator names. Whoever makes a webhook chooses
 * an address that this process then connects to, from inside.
 */
public final class Destinations {
    private static final int MAX_LENGTH = 2_048;
    private static final int MAX_PORT = 65_535;

    /** IPv4 addresses that are not for the public (IANA's registry of special-purpose addresses). */
    private static final List<Network> SPECIAL = List.of("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8",
            "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
            "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4").stream().map(
                    Network::parse).toList();
    /** Of IPv6 only this is handed out to the public, */
    private static final Network GLOBAL = Network.parse("2000::/3");
    /** except for these: protocols (among them Teredo), documentation and 6to4, the first and last of which hold IPv4. */
    private static final List<Network> SPECIAL_GLOBAL = List.of("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
            .stream().map(Network::parse).toList();

    private final boolean http;
    private final List<Network> allowed;
    private final Resolver resolver;

    /** Finds the addresses of a name. */
    @FunctionalInterface
    public interface Resolver {
        /** All of them. */
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    /** An address that webhooks may not lead to; the message completes "the address ...". */
    public static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    public Destinations(WebhookSettings settings, Resolver resolver) {
        this.http = settings.http();
        this.allowed = settings.networks();
        this.resolver = resolver;
    }

    /** An address of somebody's choice, as far as its text tells. */
    URI parse(String text) throws RefusedException {
        URI uri;
        try {
            uri = new URI(text).parseServerAuthority();
        } catch (URISyntaxException e) {
            throw new RefusedException("is no address: " + e.getReason());
        }
        var scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (uri.getHost() == null || !(scheme.equals("https") || http && scheme.equals("http"))) {
            throw new RefusedException("must be an https:// address" + (http ? ", or an http:// one" : ""));
        }
        if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            throw new RefusedException("must have no user name, no password and no fragment");
        }
        if (uri.getPort() == 0 || uri.getPort() > MAX_PORT || text.length() > MAX_LENGTH) {
            throw new RefusedException("must have a port up to " + MAX_PORT + " and at most " + MAX_LENGTH
                    + " characters");
        }
        return uri;
    }

    /**
     * The addresses of a host, each of which may be connected to. One that may not spoils all: a name that leads both
     * inside and outside is not there for anything good.
     *
     * @throws UnknownHostException if it has none
     */
    List<InetAddress> resolve(String host) throws RefusedException, UnknownHostException {
        var addresses = List.of(resolver.resolve(withoutBrackets(host)));
        for (var address : addresses) {
            if (!isAllowed(address)) {
                throw new RefusedException("leads to " + address.getHostAddress()
                        + ", which is not public; an operator can allow networks with " + WebhookSettings.NETWORKS
                                .key());
            }
        }
        return addresses;
    }

    private static String withoutBrackets(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private boolean isAllowed(InetAddress address) {
        return isPublic(address) || !address.isMulticastAddress() && !address.isAnyLocalAddress() && allowed.stream()
                .anyMatch(network -> network.contains(address));
    }

    /** An IPv4 address that is written as IPv6 is one of IPv4 in Java already. */
    private static boolean isPublic(InetAddress address) {
        return address instanceof Inet4Address
                ? SPECIAL.stream().noneMatch(network -> network.contains(address))
                : GLOBAL.contains(address) && SPECIAL_GLOBAL.stream().noneMatch(network -> network.contains(address));
    }
}
