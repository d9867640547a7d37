package org.atelier.chaos.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A link to a server on this machine that can be broken and mended while it is in use. Clients connect to {@link #port}
 * instead of the server's own.
 *
 * <p>Connections run on daemon threads and end with the link.
 */
public final class Link implements AutoCloseable {
    private final String name;
    private final ServerSocket listener;
    private final Condition condition;
    private final Random random;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private volatile int server;

    private Link(String name, ServerSocket listener, long seed) {
        this.name = name;
        this.listener = listener;
        this.condition = new Condition();
        this.random = new Random(seed);
    }

    /**
     * A whole link that leads nowhere yet.
     *
     * @param name what its threads are called
     * @param seed of everything that is drawn
     */
    public static Link open(String name, long seed) {
        try {
            var listener = new ServerSocket();
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            var link = new Link(name, listener, seed);
            link.thread("accept", link::accept);
            return link;
        } catch (IOException e) {
            throw new UncheckedIOException("no port for the link " + name, e);
        }
    }

    /** Leads it to a server's port; a connection that was refused before is not tried again. */
    public Link to(int port) {
        server = port;
        return this;
    }

    /** Where clients connect. */
    public int port() {
        return listener.getLocalPort();
    }

    /** Breaks or mends it. What is under way feels it too. */
    public void set(LinkFault fault) {
        var before = condition.change(fault);
        if (!before.keepsConnections() || !fault.keepsConnections()) {
            connections.forEach(Connection::reset);
        }
    }

    /** Mends it. */
    public void mend() {
        set(new LinkFault.None());
    }

    /** What is wrong with it. */
    public LinkFault fault() {
        return condition.fault();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                take(listener.accept());
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    throw new UncheckedIOException("the link " + name + " takes no connections any more", e);
                }
            }
        }
    }

    private void take(Socket client) throws IOException {
        var fault = condition.fault();
        if (fault instanceof LinkFault.Reset) {
            Connection.reset(client);
            return;
        }
        Socket upstream;
        try {
            upstream = new Socket(InetAddress.getLoopbackAddress(), server);
        } catch (IOException e) {
            // The server is down; its port would refuse, and this is as near as a proxy comes to that.
            Connection.reset(client);
            return;
        }
        var connection = new Connection(client, upstream, condition, draw(), connections::remove);
        connections.add(connection);
        if (condition.fault() != fault && !(fault.keepsConnections() && condition.fault().keepsConnections())) {
            connection.reset();
        } else if (fault instanceof LinkFault.BadHttp bad) {
            thread("http", () -> connection.exchange(bad));
        } else {
            thread("up", () -> connection.pump(LinkFault.Direction.TO_SERVER));
            thread("down", () -> connection.pump(LinkFault.Direction.TO_CLIENT));
        }
    }

    private synchronized Random draw() {
        return new Random(random.nextLong());
    }

    private void thread(String part, Runnable work) {
        Thread.ofPlatform().daemon().name(name + "-" + part).start(work);
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the link " + name + " could not be closed", e);
        }
        connections.forEach(Connection::reset);
    }
}
