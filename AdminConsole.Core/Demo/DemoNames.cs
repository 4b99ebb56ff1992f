using System.Buffers.Binary;
using System.Security.Cryptography;

namespace AdminConsole.Core.Demo;

/// <summary>The names of one demo user. Email and username are unique among demo users.</summary>
internal sealed record DemoName(string Email, string UserName, string DisplayName)
{
    /// <summary>Returns the name with this number, which is always the same. First names are combined with last names
    /// of the same culture. Once every pair is used, middle initials are added, and then numbers. Emails are under
    /// example.com, which is reserved (RFC 2606).</summary>
    public static DemoName Of(int number)
    {
        // A stride that is coprime to the number of pairs visits every pair once, and gives neighbors unrelated names.
        var pair = (int)(number % Pairs * Stride % Pairs);
        var round = (int)(number / Pairs);
        var culture = Cultures[pair % Cultures.Length];
        var first = culture.First[pair / Cultures.Length % NamesEach];
        var last = culture.Last[pair / Cultures.Length / NamesEach];
        var middle = round == 0 ? (char?)null : Initials[(round - 1) % Initials.Length];
        var repeat = round == 0 ? 0 : (round - 1) / Initials.Length;

        var userName =
            $"{Fold(first)}.{(middle is { } initial ? $"{char.ToLowerInvariant(initial)}." : "")}"
            + $"{Fold(last)}{(repeat == 0 ? "" : repeat + 1)}";
        var department = Departments[Scatter(number) % Departments.Length];
        return new DemoName(
            $"{userName}@{department}example.com",
            userName,
            middle is null ? $"{first} {last}" : $"{first} {middle}. {last}"
        );
    }

    private const int NamesEach = 20;
    private const long Stride = 2_654_435_761;
    private const string Initials = "ABCDEFGHIJKLMNOPRSTVW";
    private const string Accented = "áãäåçèéêíñóöøúüąğıłńśşź";
    private const string Plain = "aaaaceeeinooouuagilnssz";

    private static readonly string[] Departments =
    [
        "",
        "",
        "engineering.",
        "engineering.",
        "engineering.",
        "sales.",
        "sales.",
        "support.",
        "support.",
        "finance.",
        "people.",
        "legal.",
        "marketing.",
        "operations.",
        "research.",
    ];

    private static readonly Culture[] Cultures =
    [
        new(
            "Ana Beatriz Carla Diogo Eduardo Fernanda Gonçalo Helena Inês João Larissa Luís Mariana Miguel Nuno Patrícia "
                + "Rafael Rita Tiago Vitória",
            "Silva Santos Ferreira Pereira Oliveira Costa Rodrigues Martins Sousa Fernandes Gonçalves Gomes Lopes Marques "
                + "Almeida Ribeiro Pinto Carvalho Teixeira Moreira"
        ),
        new(
            "Alejandro Camila Carmen Daniela Diego Elena Gabriela Hugo Javier Jimena Lucía Manuel Mateo Nuria Pablo Paula "
                + "Raúl Sergio Sofía Valentina",
            "García González Rodríguez Fernández López Martínez Sánchez Pérez Gómez Jiménez Ruiz Hernández Díaz Moreno "
                + "Álvarez Muñoz Romero Navarro Torres Domínguez"
        ),
        new(
            "Alice Benjamin Charlotte Daniel Emily Fiona George Grace Hannah Henry Isla Jack James Laura Lucy Oliver "
                + "Rachel Samuel Sophie William",
            "Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans Walker White Roberts "
                + "Green Hall Wood Jackson Clarke"
        ),
        new(
            "Anja Birgit Christoph Dieter Franziska Greta Hannes Heike Jan Jonas Jürgen Katrin Lena Lukas Markus Petra "
                + "Stefan Svenja Tobias Ulrike",
            "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein "
                + "Wolf Schröder Neumann Schwarz Zimmermann"
        ),
        new(
            "Adèle Antoine Camille Céline Chloé Clément Élodie Étienne Guillaume Julien Léa Manon Margaux Mathilde Nicolas "
                + "Pierre Rémi Sébastien Thomas Zoé",
            "Bernard Dubois Durand Moreau Laurent Simon Michel Lefèvre Leroy Roux Bertrand Morel Fournier Girard Bonnet "
                + "Dupont Lambert Fontaine Rousseau Vincent"
        ),
        new(
            "Alessia Andrea Bianca Chiara Davide Elisa Federico Francesca Giorgia Giulia Lorenzo Luca Marco Martina Matteo "
                + "Paolo Riccardo Sara Simone Valeria",
            "Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo Conti Mancini Rizzo "
                + "Lombardi Moretti Barbieri Fontana Santoro"
        ),
        new(
            "Agnieszka Aleksandra Bartosz Dorota Ewa Filip Grzegorz Iwona Jakub Joanna Kamil Katarzyna Krzysztof Magdalena "
                + "Marcin Paweł Piotr Tomasz Wojciech Zofia",
            "Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Woźniak Dąbrowski "
                + "Kozłowski Mazur Krawczyk Piotrowski Grabowski Pawłowski Michalski Król Wieczorek"
        ),
        new(
            "Anders Astrid Bjørn Elin Erik Freja Håkon Ida Ingrid Jonas Karin Kirsten Lars Linnea Magnus Nils Ola Sigrid Søren Tove",
            "Hansen Johansen Olsen Larsen Andersen Nilsen Kristiansen Jensen Karlsen Pedersen Berg Haugen Hagen Johansson "
                + "Lindqvist Sjöberg Nyström Virtanen Korhonen Mäkinen"
        ),
        new(
            "Ahmet Ayşe Burak Can Cem Deniz Elif Emre Fatma Gizem Hakan Kerem Leyla Mehmet Merve Murat Selin Serkan Yasemin Zeynep",
            "Yılmaz Kaya Demir Çelik Şahin Yıldız Yıldırım Öztürk Aydın Özdemir Arslan Doğan Kılıç Aslan Çetin Kara Koç Kurt Özkan Şimşek"
        ),
        new(
            "Aarav Aditi Ananya Arjun Deepa Divya Ishaan Kavya Lakshmi Meera Neha Nikhil Priya Rahul Rohan Sanjay Shreya "
                + "Sunita Vikram Vivek",
            "Sharma Patel Gupta Kumar Reddy Iyer Nair Mehta Joshi Chopra Agarwal Banerjee Mukherjee Desai Kulkarni Menon "
                + "Rao Verma Malhotra Pillai"
        ),
        new(
            "Aiko Akira Asuka Daichi Emi Hana Haruto Hiroshi Kaori Kenji Mai Naoko Ren Rika Sakura Satoshi Takeshi Yui Yuki Yuto",
            "Sato Suzuki Takahashi Tanaka Watanabe Ito Yamamoto Nakamura Kobayashi Kato Yoshida Yamada Sasaki Yamaguchi "
                + "Matsumoto Inoue Kimura Hayashi Shimizu Saito"
        ),
        new(
            "Bo Fang Hao Hui Jia Jing Jun Lan Lei Lin Mei Min Ning Qiang Rui Tao Wei Xin Yan Ying",
            "Wang Li Zhang Liu Chen Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Hu Guo He Luo Gao Zheng"
        ),
        new(
            "Amina Bilal Dina Fadi Farah Hassan Huda Karim Khalid Layla Mariam Mona Nadia Omar Rania Salma Samir Tariq Yasmin Youssef",
            "Haddad Khalil Mansour Nasser Saleh Hamdan Farouk Aziz Rahman Qasim Sabry Shaheen Tawfik Younis Zaki Awad "
                + "Bakri Darwish Habib Jaber"
        ),
        new(
            "Abena Adaeze Amara Ayodele Chidi Chinedu Efua Emeka Folake Ifeoma Kofi Kwame Ngozi Nia Obinna Oluwaseun "
                + "Temitope Thandiwe Uche Zainab",
            "Adeyemi Okafor Okonkwo Mensah Boateng Owusu Eze Nwosu Balogun Abubakar Danjuma Asante Osei Appiah Mwangi "
                + "Kamau Otieno Ndlovu Dlamini Khumalo"
        ),
        new(
            "Dara Eunji Hyun Jihoon Jisoo Minho Minji Seojun Sora Yuna An Binh Duc Hanh Huong Linh Mai Phuong Quang Trang",
            "Kim Lee Park Choi Jung Kang Cho Yoon Jang Lim Nguyen Tran Le Pham Hoang Phan Vu Dang Bui Do"
        ),
    ];

    private static readonly long Pairs = (long)Cultures.Length * NamesEach * NamesEach;

    /// <summary>Returns a pseudo-random number that is always the same for a given number. Users who share a name get
    /// different departments and roles: a pattern would put users of one department next to each other in the order of
    /// emails.</summary>
    public static uint Scatter(int number) => BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(BitConverter.GetBytes(number)));

    private static string Fold(string name) =>
        string.Concat(
            name.ToLowerInvariant()
                .Select(character => Accented.IndexOf(character, StringComparison.Ordinal) is >= 0 and var at ? Plain[at] : character)
        );

    private sealed record Culture
    {
        public Culture(string first, string last) => (First, Last) = (first.Split(' '), last.Split(' '));

        public string[] First { get; }

        public string[] Last { get; }
    }
}
